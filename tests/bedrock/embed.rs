//! The embedders of Bedrock in the suite of all embedders, against the stand-in, whose vectors are made from a text's hash.

use askline::{
    bedrock::Embeddings,
    model::{Embedder, Purpose},
};

use crate::{LIMIT, embedders::behaves, stand_in::StandIn};

#[tokio::test(flavor = "multi_thread")]
async fn each_of_them_behaves() {
    for (model, dimensions) in [
        ("amazon.titan-embed-text-v1", 1536),
        ("amazon.titan-embed-text-v2:0", 256),
        ("amazon.titan-embed-text-v2:0", 512),
        ("amazon.titan-embed-text-v2:0", 1024),
        ("cohere.embed-multilingual-v3", 1024),
    ] {
        let sim = StandIn::new("  - reply: {}\n").await;
        let embedder = Embeddings::new(sim.bedrock.clone(), model, Some(dimensions)).unwrap();
        assert_eq!(embedder.space().dimensions, dimensions);
        behaves(&embedder, false).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vector_of_zeros_is_none() {
    for (model, vector) in [
        ("amazon.titan-embed-text-v1", vec![0; 1536]),
        ("amazon.titan-embed-text-v2:0", vec![0; 1024]),
        ("cohere.embed-multilingual-v3", vec![0; 1024]),
    ] {
        let sim = StandIn::new(&format!("  - reply: {{embedding: {vector:?}}}\n")).await;
        let embedder = Embeddings::new(sim.bedrock.clone(), model, None).unwrap();
        let embedded = embedder.embed(&["text", "other"], Purpose::Query, LIMIT).await.unwrap();
        assert_eq!(embedded.vectors, [None, None], "{model}");
    }
}
