//! Composes a reading into one parameterised statement.
