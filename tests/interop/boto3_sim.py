"""boto3, which is AWS's own reader of the wire, against `askline bedrock-sim`: every operation the stand-in has.

    python boto3_sim.py path/to/askline      (needs boto3; run.sh installs it apart)
"""

import json
import pathlib
import subprocess
import sys
import time
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
        for check in [converse, converse_stream, invoke, invoke_stream, cohere, retrieve, generate, rerank, documents, jobs, objects, lists,
                      small_ones, errors, signatures]:
            check(url)
            print("ok", check.__name__)
        recorded(url)
        print("ok recorded")
    finally:
        sim.terminate()
        assert sim.wait(timeout=10) == 0, "it stops when it is told to"


def client(url, service="bedrock-runtime", secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCY", config=None):
    return boto3.client(
        service, endpoint_url=url, region_name="ap-northeast-2", aws_access_key_id="AKIDINTEROP",
        aws_secret_access_key=secret, aws_session_token="token",
        config=Config(retries={"total_max_attempts": 3, "mode": "standard"}, read_timeout=20, **(config or {})),
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


def cohere(url):
    for model, more, dims in [("cohere.embed-multilingual-v3", {}, 1024), ("cohere.embed-v4:0", {"output_dimension": 512}, 512)]:
        body = {"texts": ["a", "b"], "input_type": "search_query", **more}
        got = client(url).invoke_model(modelId=model, body=json.dumps(body))
        reply = json.loads(got["body"].read())
        assert [len(vector) for vector in reply["embeddings"]] == [dims, dims] and reply["texts"] == ["a", "b"], reply
        body["embedding_types"] = ["float"]
        reply = json.loads(client(url).invoke_model(modelId=model, body=json.dumps(body))["body"].read())
        assert len(reply["embeddings"]["float"]) == 2 and reply["response_type"] == "embeddings_by_type", reply
    fails("ValidationException", 400, lambda: client(url).invoke_model(
        modelId="cohere.embed-multilingual-v3", body=json.dumps({"texts": ["a"], "input_type": "query"})))


BASE, SOURCE = "KBASE00001", "DSOURCE001"


def search(url, text, **more):
    agent = client(url, "bedrock-agent-runtime")
    got = agent.retrieve(knowledgeBaseId=BASE, retrievalQuery={"text": text},
                         retrievalConfiguration={"vectorSearchConfiguration": more})
    return [result["location"]["customDocumentLocation"]["id"] for result in got["retrievalResults"]]


def generate(url):
    assert search(url, "bicycle") == ["evt-1", "evt-2"]
    assert search(url, "bicycle", filter={"equals": {"key": "video_id", "value": 2}}) == ["evt-2"]
    agent = client(url, "bedrock-agent-runtime")
    configuration = {"type": "KNOWLEDGE_BASE", "knowledgeBaseConfiguration": {
        "knowledgeBaseId": BASE, "modelArn": MODEL,
        "retrievalConfiguration": {"vectorSearchConfiguration": {"numberOfResults": 1}}}}
    asked = {"input": {"text": "bicycle"}, "retrieveAndGenerateConfiguration": configuration}
    got = agent.retrieve_and_generate(**asked)
    assert got["output"]["text"] == "들었습니다: bicycle 🚲" and got["sessionId"], got
    assert got["citations"][0]["retrievedReferences"][0]["metadata"]["event_type"] == "theft", got
    got = agent.retrieve_and_generate_stream(**asked)
    events = list(got["stream"])
    assert "".join(event["output"]["text"] for event in events if "output" in event) == "들었습니다: bicycle 🚲", events
    assert got["sessionId"] and events[-1]["citation"]["retrievedReferences"], events


def rerank(url):
    agent = client(url, "bedrock-agent-runtime")

    def ranked(query):
        sources = [{"type": "INLINE", "inlineDocumentSource": {"type": "TEXT", "textDocument": {"text": text}}}
                   for text in ["a stolen bicycle", "a fire"]]
        arn = "arn:aws:bedrock:us-west-2::foundation-model/amazon.rerank-v1:0"
        model = {"modelConfiguration": {"modelArn": arn}, "numberOfResults": 2}
        got = agent.rerank(queries=[{"type": "TEXT", "textQuery": {"text": query}}], sources=sources,
                           rerankingConfiguration={"type": "BEDROCK_RERANKING_MODEL", "bedrockRerankingConfiguration": model})
        return [(result["index"], result["relevanceScore"]) for result in got["results"]]

    assert ranked("scripted") == [(1, 0.75), (0, 0.25)]
    assert ranked("stolen bicycle")[0] == (0, 1.0)


def documents(url):
    agent = client(url, "bedrock-agent")
    place = {"knowledgeBaseId": BASE, "dataSourceId": SOURCE}

    def document(name, text):
        content = {"dataSourceType": "CUSTOM", "custom": {
            "customDocumentIdentifier": {"id": name}, "sourceType": "IN_LINE",
            "inlineContent": {"type": "TEXT", "textContent": {"data": text}}}}
        attributes = [{"key": "video_id", "value": {"type": "NUMBER", "numberValue": 7}}]
        return {"content": content, "metadata": {"type": "IN_LINE_ATTRIBUTE", "inlineAttributes": attributes}}

    def statuses(*names):
        given = [{"dataSourceType": "CUSTOM", "custom": {"id": name}} for name in names]
        got = agent.get_knowledge_base_documents(**place, documentIdentifiers=given)
        return [detail["status"] for detail in got["documentDetails"]]

    assert agent.get_knowledge_base(knowledgeBaseId=BASE)["knowledgeBase"]["status"] == "ACTIVE"
    sources = agent.list_data_sources(knowledgeBaseId=BASE)["dataSourceSummaries"]
    assert [source["dataSourceId"] for source in sources] == [SOURCE], sources
    assert agent.get_data_source(**place)["dataSource"]["dataSourceConfiguration"]["type"] == "CUSTOM"
    given = [document("evt-8", "somebody fell"), document("evt-9", "fails")]
    got = agent.ingest_knowledge_base_documents(**place, documents=given)
    assert [detail["status"] for detail in got["documentDetails"]] == ["STARTING", "STARTING"], got
    assert got["ResponseMetadata"]["HTTPStatusCode"] == 202
    first, known, none = statuses("evt-8", "evt-1", "none")
    assert first in ("STARTING", "PENDING", "IN_PROGRESS") and (known, none) == ("INDEXED", "NOT_FOUND"), first
    assert "evt-8" not in search(url, "fell"), "what is not indexed is not found"
    time.sleep(0.4)
    assert statuses("evt-8", "evt-9") == ["INDEXED", "FAILED"]
    assert search(url, "fell", filter={"equals": {"key": "video_id", "value": 7}}) == ["evt-8"]
    page = agent.list_knowledge_base_documents(**place, maxResults=3)
    rest = agent.list_knowledge_base_documents(**place, maxResults=3, nextToken=page["nextToken"])
    names = [detail["identifier"]["custom"]["id"] for detail in page["documentDetails"] + rest["documentDetails"]]
    assert names == ["evt-1", "evt-2", "evt-8", "evt-9"], names
    gone = [{"dataSourceType": "CUSTOM", "custom": {"id": name}} for name in ["evt-8", "evt-9"]]
    assert agent.delete_knowledge_base_documents(**place, documentIdentifiers=gone)["documentDetails"][0]["status"] == "DELETING"
    time.sleep(0.4)
    assert statuses("evt-8") == ["NOT_FOUND"]
    fails("ValidationException", 400, lambda: agent.ingest_knowledge_base_documents(
        **place, documents=[document(str(n), "x") for n in range(11)]))
    fails("ResourceNotFoundException", 404, lambda: agent.list_knowledge_base_documents(
        knowledgeBaseId=BASE, dataSourceId="NOSUCHDS01"))


def jobs(url):
    agent = client(url, "bedrock-agent")
    place = {"knowledgeBaseId": BASE, "dataSourceId": SOURCE}
    job = agent.start_ingestion_job(**place)["ingestionJob"]
    assert job["status"] == "STARTING", job
    fails("ConflictException", 409, lambda: agent.start_ingestion_job(**place))
    read = lambda: agent.get_ingestion_job(**place, ingestionJobId=job["ingestionJobId"])["ingestionJob"]["status"]
    assert read() == "IN_PROGRESS"
    time.sleep(0.4)
    assert read() == "COMPLETE"


def objects(url):
    s3 = client(url, "s3", config={"s3": {"addressing_style": "path"}})
    for key, text in [("a/evt 1.txt", "a red umbrella"), ("a/evt-2.txt", "fails")]:
        s3.put_object(Bucket="events", Key=key, Body=text.encode())
        told = json.dumps({"metadataAttributes": {"video_id": 9}}).encode()
        s3.put_object(Bucket="events", Key=f"{key}.metadata.json", Body=told)
    assert s3.get_object(Bucket="events", Key="a/evt 1.txt")["Body"].read() == b"a red umbrella"
    try:
        s3.put_object(Bucket="elsewhere", Key="a", Body=b"x")
        raise AssertionError("a bucket that is not there was written")
    except ClientError as error:
        assert error.response["Error"]["Code"] == "NoSuchBucket", error.response
    agent = client(url, "bedrock-agent")
    place = {"knowledgeBaseId": "KBASE00002", "dataSourceId": "DSOURCE002"}
    assert agent.get_data_source(**place)["dataSource"]["dataSourceConfiguration"]["type"] == "S3"

    def job():
        started = agent.start_ingestion_job(**place)["ingestionJob"]["ingestionJobId"]
        time.sleep(0.4)
        return agent.get_ingestion_job(**place, ingestionJobId=started)["ingestionJob"]

    done = job()
    assert done["status"] == "COMPLETE" and done["statistics"]["numberOfDocumentsFailed"] == 1, done
    assert "s3://events/a/evt-2.txt" in done["failureReasons"][0], done
    listed = agent.list_knowledge_base_documents(**place)["documentDetails"]
    assert {detail["identifier"]["s3"]["uri"]: detail["status"] for detail in listed} == {
        "s3://events/a/evt 1.txt": "INDEXED", "s3://events/a/evt-2.txt": "FAILED"}, listed
    got = client(url, "bedrock-agent-runtime").retrieve(
        knowledgeBaseId="KBASE00002", retrievalQuery={"text": "umbrella"}, retrievalConfiguration={
            "vectorSearchConfiguration": {"filter": {"equals": {"key": "video_id", "value": 9}}}})
    found = [result["location"]["s3Location"]["uri"] for result in got["retrievalResults"]]
    assert found == ["s3://events/a/evt 1.txt"], got
    s3.delete_object(Bucket="events", Key="a/evt-2.txt")
    assert job()["statistics"]["numberOfDocumentsFailed"] == 0


def lists(url):
    bedrock = client(url, "bedrock")
    models = bedrock.list_foundation_models()["modelSummaries"]
    assert [(model["modelId"], model["modelLifecycle"]["status"]) for model in models] == [
        (MODEL, "ACTIVE"), ("amazon.titan-embed-text-v1", "LEGACY")], models
    first = bedrock.list_inference_profiles(maxResults=1)
    second = bedrock.list_inference_profiles(maxResults=1, nextToken=first["nextToken"])
    ids = [page["inferenceProfileSummaries"][0]["inferenceProfileId"] for page in (first, second)]
    assert ids == [f"global.{MODEL}", f"us.{MODEL}"] and "nextToken" not in second, ids
    assert bedrock.get_foundation_model_availability(modelId=MODEL)["authorizationStatus"] == "AUTHORIZED"
    closed = bedrock.get_foundation_model_availability(modelId="amazon.titan-embed-text-v1")
    assert closed["authorizationStatus"] == "NOT_AUTHORIZED", closed


def small_ones(url):
    runtime = client(url)
    converse = {"messages": [{"role": "user", "content": [{"text": "12345678"}]}]}
    assert runtime.count_tokens(modelId=MODEL, input={"converse": converse})["inputTokens"] > 0
    assert runtime.count_tokens(modelId=MODEL, input={"invokeModel": {"body": b"12345678"}})["inputTokens"] == 2
    guard = lambda text: runtime.apply_guardrail(
        guardrailIdentifier="g1", guardrailVersion="1", source="INPUT", content=[{"text": {"text": text}}])
    assert guard("fine")["action"] == "NONE"
    stopped = guard("forbidden")
    assert stopped["action"] == "GUARDRAIL_INTERVENED" and stopped["outputs"] == [{"text": "not that"}], stopped


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
