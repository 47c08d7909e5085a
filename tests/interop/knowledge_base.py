"""Makes a knowledge base over two documents in a stand-in for AWS, and prints its id.

    python knowledge_base.py URL      (needs boto3)
"""

import json
import sys
import time

import boto3

DOCUMENTS = {"evt-1": ("a bicycle theft at night", {"video_id": 1}), "evt-2": ("a fire at night", {"video_id": 2})}


def main(url):
    def client(service):
        return boto3.client(service, endpoint_url=url, region_name="us-east-1", aws_access_key_id="AKIDEXAMPLE",
                            aws_secret_access_key="wJalrXUtnFEMI/K7MDENG")

    s3 = client("s3")
    s3.create_bucket(Bucket="events")
    for name, (text, metadata) in DOCUMENTS.items():
        s3.put_object(Bucket="events", Key=f"{name}.txt", Body=text.encode())
        told = json.dumps({"metadataAttributes": metadata}).encode()
        s3.put_object(Bucket="events", Key=f"{name}.txt.metadata.json", Body=told)
    agent = client("bedrock-agent")
    vectors = {"type": "VECTOR", "vectorKnowledgeBaseConfiguration": {
        "embeddingModelArn": "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"}}
    base = agent.create_knowledge_base(name="events", roleArn="arn:aws:iam::000000000000:role/kb",
                                       knowledgeBaseConfiguration=vectors)["knowledgeBase"]["knowledgeBaseId"]
    place = {"type": "S3", "s3Configuration": {"bucketArn": "arn:aws:s3:::events"}}
    source = agent.create_data_source(knowledgeBaseId=base, name="events", dataSourceConfiguration=place)
    source = source["dataSource"]["dataSourceId"]
    job = agent.start_ingestion_job(knowledgeBaseId=base, dataSourceId=source)["ingestionJob"]["ingestionJobId"]
    for _ in range(50):
        found = agent.get_ingestion_job(knowledgeBaseId=base, dataSourceId=source, ingestionJobId=job)["ingestionJob"]
        if found["status"] == "COMPLETE":
            print(base)
            return
        time.sleep(0.1)
    raise SystemExit(f"the documents were not taken in: {found}")


if __name__ == "__main__":
    main(sys.argv[1])
