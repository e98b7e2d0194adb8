// The official JavaScript library against the running system; test_standardwebhooks.py starts it and sets
//   LIBRARY        a folder that has node_modules/standardwebhooks
//   POST_URL, POST_SECRET, POST_BODY     where to post what the library signs, and what
//   HEARD, HEARD_SECRET                  what our own receiver heard: lines of {headers, body}
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import test from "node:test";

const { LIBRARY, POST_URL, POST_SECRET, POST_BODY, HEARD, HEARD_SECRET } = process.env;
const { Webhook } = createRequire(`${LIBRARY}/`)("standardwebhooks");

async function post(body, signed, at = new Date()) {
  const id = `msg_${randomUUID()}`;
  return fetch(POST_URL, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": new Webhook(POST_SECRET).sign(id, at, signed),
    },
    body,
  });
}

test("what the library signs is accepted", async () => {
  const answer = await post(POST_BODY, POST_BODY);
  assert.equal(answer.status, 200, await answer.text());
});

test("what the library signed for another body is not", async () => {
  assert.equal((await post(POST_BODY, POST_BODY + " ")).status, 401);
});

test("what the library signed six minutes ago is not", async () => {
  assert.equal((await post(POST_BODY, POST_BODY, new Date(Date.now() - 360_000))).status, 401);
});

const heard = readFileSync(HEARD, "utf8").trim().split("\n").map((line) => JSON.parse(line));

test("what we sign the library accepts", () => {
  assert.ok(heard.length > 0);
  for (const { headers, body } of heard) {
    const value = new Webhook(HEARD_SECRET).verify(body, headers);
    assert.deepEqual(Object.keys(value).sort(), ["data", "timestamp", "type"]);
  }
});

test("what we signed and somebody altered the library refuses", () => {
  const { headers, body } = heard[0];
  assert.throws(() => new Webhook(HEARD_SECRET).verify(body.replace("{", "{ "), headers));
});
