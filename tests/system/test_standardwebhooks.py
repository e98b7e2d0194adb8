"""The official JavaScript library signs what we accept and accepts what we sign."""

import json
import os
import pathlib
import shutil
import subprocess

import fadder
import pytest

LIBRARY = fadder.TOP / "build" / "npm"


@pytest.mark.skipif(
    not shutil.which("node") or not (LIBRARY / "node_modules" / "standardwebhooks").is_dir(),
    reason="node or its standardwebhooks is not here",
)
def test_the_official_library_and_we_understand_each_other(system, hooks):
    partner = system.add_partner("A system in JavaScript")
    url = f"http://127.0.0.1:{hooks.port}/ok"
    _, secret = system.operator("endpoint", "add", "--partner", partner.id, "--url", url).stdout.split()
    answer = system.deliver(fadder.referral("JS-1"), partner)
    assert answer.status == 200, answer
    system.do(f"referrals/{answer.json['referral']}/accept", token=system.token("coordinator"))
    fadder.wait_until(hooks.hooks, "a webhook to the partner")

    environment = {
        **os.environ,
        "LIBRARY": str(LIBRARY),
        "POST_URL": f"http://{system.host}:{system.port}/v1/hooks/{partner.id}",
        "POST_SECRET": partner.secret,
        "POST_BODY": json.dumps(fadder.referral("JS-2")),
        "HEARD": str(hooks.place),
        "HEARD_SECRET": secret,
    }
    script = pathlib.Path(__file__).with_name("standardwebhooks.test.mjs")
    done = subprocess.run(["node", "--test", script], env=environment, capture_output=True, text=True, timeout=fadder.PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr
