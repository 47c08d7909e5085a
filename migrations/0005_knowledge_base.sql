-- What `askline kb sync` has sent to the data sources of knowledge bases, a row for each document, written before it is
-- sent: whoever comes after a killed run knows what may have arrived.
CREATE TABLE askline_kb_document (
    knowledge_base text NOT NULL,
    data_source    text NOT NULL,           -- its id; of one that reads a bucket, with the bucket's place behind it
    event_id       bigint NOT NULL,
    video_id       bigint NOT NULL,
    seen           bigint NOT NULL,         -- the row version (xmin) of the event that was sent
    hash           bytea NOT NULL,          -- of the document and its metadata
    state          text NOT NULL CHECK (state IN ('sending', 'sent', 'indexed', 'failed', 'leaving')),
    batch          text NOT NULL,           -- those that were sent in one request have the same
    reason         text,                    -- the service's, where it failed
    PRIMARY KEY (knowledge_base, data_source, video_id, event_id)
);
CREATE INDEX ON askline_kb_document (knowledge_base, data_source, state) WHERE state <> 'indexed';
