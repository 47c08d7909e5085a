"""boto3, which is AWS's own reader of the wire, against `askline bedrock-sim`: every operation the stand-in has.

    python boto3_sim.py path/to/askline      (needs boto3; run.sh installs it apart)
"""

import json
import pathlib
import subprocess
import sys
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, EventStreamError
from botocore.eventstream import ChecksumMismatch

HERE = pathlib.Path(__file__).parent
MODEL = "anthropic.claude-interop-v1:0"
TOOL = {"toolSpec": {"name": "emit_sql", "description": "Takes SQL.", "inputSchema": {"json": {"type": "object"}}}}
FORCED = {"tools": [TOOL], "toolChoice": {"tool": {"name": "emit_sql"}}}


def main(program):
    command = [program, "bedrock-sim", "--port", "0", "--script", str(HERE / "bedrock-sim.yaml")]
    sim = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        greeting = sim.stdout.readline()
        assert "test double" in greeting, greeting
        url = greeting.split(" at ")[-1].strip()
        for check in [converse, converse_stream, invoke, invoke_stream, retrieve, errors, signatures]:
            check(url)
            print("ok", check.__name__)
        recorded(url)
        print("ok recorded")
    finally:
        sim.terminate()
        assert sim.wait(timeout=10) == 0, "it stops when it is told to"


def client(url, service="bedrock-runtime", secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCY"):
    return boto3.client(
        service, endpoint_url=url, region_name="ap-northeast-2", aws_access_key_id="AKIDINTEROP",
        aws_secret_access_key=secret, aws_session_token="token",
        config=Config(retries={"total_max_attempts": 3, "mode": "standard"}, read_timeout=20),
    )


def asking(text, **more):
    return {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": text}]}],
            "inferenceConfig": {"maxTokens": 50}, **more}


def converse(url):
    got = client(url).converse(**asking("안녕"))
    assert got["output"]["message"] == {"role": "assistant", "content": [{"text": "들었습니다: 안녕 🚲"}]}, got
    assert got["stopReason"] == "end_turn" and got["usage"]["inputTokens"] == 1, got
    assert "test double" in got["ResponseMetadata"]["HTTPHeaders"]["x-askline-sim"]
    got = client(url).converse(**asking("how many?", toolConfig=FORCED))
    used = got["output"]["message"]["content"][0]["toolUse"]
    assert used["input"] == {"sql": "SELECT 'how many?'", "parts": [1, 2.5, None]}, got
    assert got["stopReason"] == "tool_use"
    usage = got["usage"]
    assert (usage["inputTokens"], usage["outputTokens"], usage["totalTokens"]) == (41, 18, 71), usage
    assert (usage["cacheReadInputTokens"], usage["cacheWriteInputTokens"]) == (7, 5), usage
    assert client(url).converse(**asking("throttle me"))["ResponseMetadata"]["RetryAttempts"] == 1


def converse_stream(url):
    events = list(client(url).converse_stream(**asking("안녕"))["stream"])
    kinds = [next(iter(event)) for event in events]
    assert kinds[0] == "messageStart" and kinds[-2:] == ["messageStop", "metadata"], kinds
    text = "".join(event["contentBlockDelta"]["delta"]["text"] for event in events if "contentBlockDelta" in event)
    assert text == "들었습니다: 안녕 🚲", text
    events = list(client(url).converse_stream(**asking("how many?", toolConfig=FORCED))["stream"])
    deltas = [event["contentBlockDelta"]["delta"] for event in events if "contentBlockDelta" in event]
    assert json.loads("".join(delta["toolUse"]["input"] for delta in deltas))["sql"] == "SELECT 'how many?'"
    assert events[-1]["metadata"]["usage"]["cacheReadInputTokens"] == 7, events[-1]


def invoke(url):
    for model, more, dims in [("amazon.titan-embed-text-v2:0", {"dimensions": 256}, 256),
                              ("amazon.titan-embed-text-v2:0", {}, 1024), ("amazon.titan-embed-text-v1", {}, 1536)]:
        body = json.dumps({"inputText": "a bicycle was stolen", **more})
        got = client(url).invoke_model(modelId=model, body=body)
        vector = json.loads(got["body"].read())
        assert len(vector["embedding"]) == dims and vector["inputTextTokenCount"] == 5, model
        assert abs(sum(x * x for x in vector["embedding"]) - 1) < 1e-9
        again = json.loads(client(url).invoke_model(modelId=model, body=body)["body"].read())
        assert again == vector, "the same text has the same vector"
        assert got["ResponseMetadata"]["HTTPHeaders"]["x-amzn-bedrock-input-token-count"] == "5"
    got = json.loads(client(url).invoke_model(modelId=MODEL, body=claude("hello"))["body"].read())
    assert got["content"] == [{"type": "text", "text": "들었습니다: hello 🚲"}] and got["usage"]["input_tokens"] == 2, got


def invoke_stream(url):
    stream = client(url).invoke_model_with_response_stream(modelId=MODEL, body=claude("hello"))["body"]
    events = [json.loads(event["chunk"]["bytes"]) for event in stream]
    text = "".join(event["delta"]["text"] for event in events if event["type"] == "content_block_delta")
    assert text == "들었습니다: hello 🚲", events
    assert events[0]["type"] == "message_start" and events[-1]["type"] == "message_stop", events


def retrieve(url):
    agent = client(url, "bedrock-agent-runtime")
    search = {"vectorSearchConfiguration": {"numberOfResults": 1}}
    got = agent.retrieve(knowledgeBaseId="ABCDEFGHIJ", retrievalQuery={"text": "q"}, retrievalConfiguration=search)
    assert [result["content"]["text"] for result in got["retrievalResults"]] == ["first"], got


def errors(url):
    fails("AccessDeniedException", 403, lambda: client(url).converse(**asking("refuse me")))
    fails("ValidationException", 400, lambda: client(url).converse(**{**asking("x"), "modelId": "no.such-model"}))
    fails("ValidationException", 400, lambda: client(url).converse(**asking(" ")))
    long = json.dumps({"inputText": "x" * 50_001})
    fails("ValidationException", 400, lambda: client(url).invoke_model(modelId="amazon.titan-embed-text-v1", body=long))
    try:
        list(client(url).converse_stream(**asking("break me"))["stream"])
        raise AssertionError("an exception in a stream was not seen")
    except EventStreamError as error:
        assert error.response["Error"]["Code"] == "modelStreamErrorException", error.response
    try:
        list(client(url).converse_stream(**asking("damage me"))["stream"])
        raise AssertionError("a wrong checksum was not seen")
    except ChecksumMismatch:
        pass


def signatures(url):
    fails("InvalidSignatureException", 403, lambda: client(url, secret="another").converse(**asking("x")))


def recorded(url):
    with urllib.request.urlopen(f"{url}/__sim/requests") as answer:
        told = json.load(answer)
    first = told["requests"][0]
    assert first["operation"] == "converse" and first["model"] == MODEL and first["signed"] == "sigv4", first
    assert first["body"] == {key: value for key, value in asking("안녕").items() if key != "modelId"}, first
    assert told["paid"]["cache_read"] == 14, told["paid"]


def claude(text):
    messages = [{"role": "user", "content": text}]
    return json.dumps({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 50, "messages": messages})


def fails(code, status, call):
    try:
        call()
    except ClientError as error:
        got = (error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"])
        assert got == (code, status) and error.response["Error"]["Message"], error.response
    else:
        raise AssertionError(f"{code} was not raised")


if __name__ == "__main__":
    main(sys.argv[1])
