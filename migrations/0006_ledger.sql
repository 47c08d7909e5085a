-- What was asked of models, a row for each exchange: for accounts. Never what was asked or answered.
CREATE TABLE askline_ledger (
    id                    uuid PRIMARY KEY,     -- given by who writes it, so that a row that is written again is one
    at                    timestamptz NOT NULL DEFAULT now(),
    caller                text NOT NULL,
    strategy              text NOT NULL,
    rung                  text NOT NULL,        -- of the ladder, or reply
    model                 text NOT NULL,
    input_tokens          bigint NOT NULL,      -- without those of the cache
    output_tokens         bigint NOT NULL,
    cache_read_tokens     bigint NOT NULL,
    cache_write_tokens    bigint NOT NULL,      -- kept for 5 minutes
    cache_write_1h_tokens bigint NOT NULL,
    price                 bigint,               -- pico-dollars (1e-12 USD); NULL where nobody gave a price
    estimated             boolean NOT NULL,     -- nobody said what was used: about what is billed
    request_id            text
);
CREATE INDEX ON askline_ledger (at);

-- What a day (of UTC) cost so far, by caller, and of all of them together under ''. Kept with each row of the ledger; the
-- row that is locked while a budget is looked at.
CREATE TABLE askline_spent (
    day    date NOT NULL,
    caller text NOT NULL,
    price  bigint NOT NULL,                     -- pico-dollars
    PRIMARY KEY (day, caller)
);

-- What exchanges in flight may cost at most, where a budget of a day holds them. One whose process ended without a word
-- holds its money until its time is up.
CREATE TABLE askline_reserved (
    id     uuid PRIMARY KEY,
    caller text NOT NULL,
    price  bigint NOT NULL,                     -- pico-dollars
    until  timestamptz NOT NULL
);
