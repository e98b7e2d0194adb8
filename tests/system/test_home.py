"""FADDER_HOME is the owner's alone: what others may write to, what leads elsewhere and what is another's is refused at the start."""

import os
import pathlib
import shutil
import subprocess

import fadder
import pytest

PATIENCE = 60


def start(program: str, home: pathlib.Path, *words: str) -> str:
    """What a program says that does not start."""
    done = subprocess.run(
        [fadder.BIN / program, *words],
        env={**os.environ, "FADDER_HOME": str(home), "FADDER_HTTP": "127.0.0.1:0", "FADDER_PAGES": "127.0.0.1:0"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 1, done
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """One that was in use, and ended well."""
    system = fadder.System(tmp_path_factory.mktemp("used") / "home", load=False).start()
    system.stop()
    for one in (system.home / "run").iterdir():
        one.unlink()
    return system.home


@pytest.fixture
def home(used, tmp_path):
    return shutil.copytree(used, tmp_path / "home0")


PROGRAMS = ["fadder", *(f"fadder-{name}" for name in fadder.SERVICES)]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_home_that_others_may_write_to_is_refused(home, program):
    home.chmod(0o777)
    words = ["status"] if program == "fadder" else []
    assert "home0 may be written by others (mode 0777): chmod go-w it." in start(program, home, *words)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_home_that_is_a_link_is_refused(home, program):
    link = home.with_name("link")
    link.symlink_to(home)
    words = ["status"] if program == "fadder" else []
    assert "link is a link, and none is followed" in start(program, link, *words)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives away")
def test_a_home_of_anothers_is_refused(home, program):
    os.chown(home, 12345, 12345)
    words = ["status"] if program == "fadder" else []
    assert "home0 belongs to user 12345, and this runs as 0: run it as 12345, or chown 0 it." in start(program, home, *words)


@pytest.mark.parametrize(
    "name",
    ["run", "keys", "keys/ring", "keys/master.key", "registry", "registry/journal", "registry/journal/data.mdb", "registry/state.mark"],
)
def test_nothing_in_it_leads_elsewhere_or_may_be_written_by_others(home, name):
    place, elsewhere = home / name, home.with_name("elsewhere")
    mode = place.stat().st_mode & 0o777
    place.chmod(mode | 0o020)
    assert f"/{name} may be written by others" in start("fadder-registry", home)
    place.chmod(mode)
    place.rename(elsewhere)
    place.symlink_to(elsewhere)
    before = elsewhere.stat().st_mtime_ns
    assert f"/{name} is a link" in start("fadder-registry", home)
    assert elsewhere.stat().st_mtime_ns == before


@pytest.mark.parametrize("name", ["run", "gateway"])
def test_nor_in_what_is_the_gateways(home, name):
    (home / name / "odd").symlink_to("/etc/hostname")
    assert f"/{name}/odd is a link" in start("fadder-gateway", home)


def test_nor_in_what_is_the_supervisors(home):
    (home / "log" / "registry.log").rename(home.with_name("elsewhere"))
    (home / "log" / "registry.log").symlink_to(home.with_name("elsewhere"))
    assert "/log/registry.log is a link" in start("fadder", home, "up")
    assert "is a link" not in home.with_name("elsewhere").read_text()
