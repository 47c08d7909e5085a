-- Whether a version was searched before another one took its place: only such ones go when an index is switched. One that
-- is being built, or waits to be switched to, stays.
ALTER TABLE askline_index ADD COLUMN replaced boolean NOT NULL DEFAULT false;
