#!/usr/bin/env python3
"""Kills `askline index` while it embeds through the stand-in for Bedrock, at random moments, and looks at what was lost,
doubled or paid twice: python3 benches/index_kill.py ADMIN_URL [KILLS]. Needs psql; askline is $ASKLINE."""
import collections
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request

ADMIN, KILLS = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 50
ASKLINE = os.environ.get("ASKLINE", "target/release/askline")
NAME, PORT, PIECE = "askline_bench_kill", 18911, 256
URL = f"{ADMIN.rsplit('/', 1)[0]}/{NAME}"
SEED = int(time.time())
random.seed(SEED)


def psql(url, sql):
    return subprocess.run(["psql", "-qtAX", url, "-c", sql], check=True, capture_output=True, text=True).stdout.strip()


def sim(method="GET"):
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/__sim/requests", method=method)
    return json.loads(urllib.request.urlopen(request).read() or "null")


def state():
    index = psql(URL, "SELECT id FROM askline_index WHERE served")
    return psql(URL, "SELECT count(*) || ' ' || count(DISTINCT event_id) || ' ' || md5(string_agg(event_id || encode(hash, 'hex') "
                     f"|| embedding::text, ',' ORDER BY event_id)) FROM askline_vectors_{index}")


def fresh():
    for index in psql(URL, "SELECT id FROM askline_index").split():
        psql(URL, f"DROP TABLE askline_vectors_{index}")
    psql(URL, "DELETE FROM askline_index")


def start():
    return subprocess.Popen([ASKLINE, "index"], env=ENV, cwd=DIR, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def embedded():
    asked = sim()
    found = asked["requests"] if isinstance(asked, dict) else asked
    return collections.Counter(json.dumps(one.get("text") or one.get("body", {}).get("inputText")) for one in found)


DIR = tempfile.mkdtemp()
ENV = {**os.environ, "DATABASE_URL": URL, "USE_BEDROCK": "true", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "a",
       "AWS_SECRET_ACCESS_KEY": "b", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{PORT}", "ASKLINE_LOG": "error"}
with open(f"{DIR}/sim.yaml", "w") as out:
    out.write("version: 1\nrules:\n  - reply: {}\n    wait_ms: [5, 25]\n")
psql(ADMIN, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
psql(ADMIN, f"CREATE DATABASE {NAME}")
server = subprocess.Popen([ASKLINE, "bedrock-sim", "--script", f"{DIR}/sim.yaml", "--port", str(PORT)], cwd=DIR,
                          stdout=subprocess.DEVNULL)
try:
    time.sleep(2)
    sample = os.path.join(os.path.dirname(__file__), "../datasets/sample/")
    subprocess.run([ASKLINE, "load", sample + "videos.csv", sample + "events.csv"], env=ENV, cwd=os.getcwd(), check=True)
    done = start()
    if done.wait():
        sys.exit(done.stderr.read().decode())
    undisturbed, texts = state(), embedded()
    print("undisturbed:", undisturbed, sum(texts.values()), "documents embedded,", len(texts), "of them different")
    kills = worst = 0
    while kills < KILLS:
        fresh()
        sim("DELETE")
        died = 0
        while True:
            one = start()
            try:
                code = one.wait(random.uniform(0.1, 2.5))
                if code:
                    sys.exit(one.stderr.read().decode())
                break
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()
                died += 1
                time.sleep(0.2)
        kills += died
        again = sum(embedded().values()) - len(texts)
        worst = max(worst, again / max(died, 1))
        same = state() == undisturbed
        print(f"{died} kills: the same state: {same}; {again} documents embedded again, at most {PIECE} a kill are allowed")
        if not same or again > died * PIECE:
            sys.exit("not as it should be")
    print(f"{kills} kills; at worst {worst:.0f} documents embedded again for each (seed {SEED})")
finally:
    server.kill()
    psql(ADMIN, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
