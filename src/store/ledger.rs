//! The ledger: a row for each exchange with a model, and its sums.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, PgPool, Row, postgres::PgRow};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::error::StoreError;
use crate::cost::{Money, Usage};

/// Writes and sums rows. Cheap to clone.
#[derive(Clone)]
pub struct Ledger {
    pool: PgPool,
    /// Rows on their way.
    writing: TaskTracker,
}

/// One exchange. Its time is the database's.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub caller: String,
    pub strategy: String,
    pub rung: String,
    pub model: String,
    pub usage: Usage,
    /// `None` where the table has no price for it.
    pub price: Option<Money>,
    /// Nobody said what was used.
    pub estimated: bool,
    pub request_id: Option<String>,
}

/// What exchanges of one day (of UTC) may cost together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DayBudget {
    /// Of one caller.
    pub caller: Option<Money>,
    /// Of all of them.
    pub all: Option<Money>,
}

/// Money that is held for an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reservation(Uuid);

/// Whose day is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverDay {
    Caller,
    All,
}

/// What rows are summed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Model,
    Strategy,
    Rung,
    Caller,
    /// Of UTC.
    Day,
}

/// The rows of one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    pub key: String,
    pub exchanges: u64,
    pub usage: Usage,
    /// Of those whose price is known.
    pub price: Money,
    /// Exchanges whose price is not.
    pub unpriced: u64,
    /// Exchanges of which nobody said what was used.
    pub estimated: u64,
}

/// How often a row is tried, with this much time before the next.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(200);

impl By {
    pub const ALL: [Self; 5] = [Self::Model, Self::Strategy, Self::Rung, Self::Caller, Self::Day];

    pub fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Strategy => "strategy",
            Self::Rung => "rung",
            Self::Caller => "caller",
            Self::Day => "day",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Day => "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
            other => other.name(),
        }
    }
}

impl Sum {
    /// The rows of another key with them.
    pub fn add(&mut self, other: &Self) {
        self.exchanges += other.exchanges;
        self.usage += other.usage;
        self.price += other.price;
        self.unpriced += other.unpriced;
        self.estimated += other.estimated;
    }
}

impl Ledger {
    pub(super) fn new(pool: PgPool) -> Self {
        Self { pool, writing: TaskTracker::new() }
    }

    /// Writes a row and ends its reservation beside the caller, whatever becomes of it: a question that nobody waits for any more was paid, too.
    /// What cannot be written after some tries is told in the log.
    pub fn put(&self, entry: Entry, reservation: Option<Reservation>) {
        let (pool, id) = (self.pool.clone(), Uuid::new_v4());
        self.writing.spawn(async move {
            for left in (0..TRIES).rev() {
                match write(&pool, id, &entry, reservation).await {
                    Ok(()) => return,
                    Err(_) if left > 0 => tokio::time::sleep(PAUSE).await,
                    Err(error) => {
                        let Entry { model, price, request_id, .. } = &entry;
                        let price = price.map(|price| price.to_string());
                        tracing::error!(%error, model, price, request_id, "an exchange is missing in the ledger");
                    }
                }
            }
        });
    }

    /// Holds `price` of what a day may cost, for `hold` at most, if it is left; then [`Self::put`] or [`Self::release`]
    /// it. Whoever shares the database is counted.
    ///
    /// # Errors
    /// It cannot be known what is left.
    pub async fn reserve(
        &self,
        caller: &str,
        price: Money,
        of: DayBudget,
        hold: Duration,
    ) -> Result<Result<Reservation, OverDay>, StoreError> {
        let mut tx = self.pool.begin().await.map_err(broken)?;
        sqlx::query(
            "INSERT INTO askline_spent (day, caller, price) SELECT (now() AT TIME ZONE 'UTC')::date, who, 0 \
             FROM (VALUES (''), ($1)) AS callers (who) ORDER BY who ON CONFLICT DO NOTHING",
        )
        .bind(caller)
        .execute(&mut *tx)
        .await
        .map_err(broken)?;
        let spent: Vec<i64> = sqlx::query_scalar(
            "SELECT price FROM askline_spent WHERE day = (now() AT TIME ZONE 'UTC')::date AND caller IN ('', $1) \
             ORDER BY caller FOR UPDATE",
        )
        .bind(caller)
        .fetch_all(&mut *tx)
        .await
        .map_err(broken)?;
        let (all, own): (i64, i64) = sqlx::query_as(
            "SELECT coalesce(sum(price), 0)::bigint, coalesce(sum(price) FILTER (WHERE caller = $1), 0)::bigint \
             FROM askline_reserved WHERE until > now()",
        )
        .bind(caller)
        .fetch_one(&mut *tx)
        .await
        .map_err(broken)?;
        let passes = |most: Option<Money>, spent: Option<&i64>, reserved: i64| {
            let sum =
                spent.copied().unwrap_or_default().saturating_add(reserved).saturating_add(signed(price.pico_usd()));
            most.is_some_and(|most| sum > signed(most.pico_usd()))
        };
        if passes(of.caller, spent.get(1), own) {
            return Ok(Err(OverDay::Caller));
        }
        if passes(of.all, spent.first(), all) {
            return Ok(Err(OverDay::All));
        }
        let id = Uuid::new_v4();
        sqlx::query(
            "WITH gone AS (DELETE FROM askline_reserved WHERE until < now()) \
             INSERT INTO askline_reserved (id, caller, price, until) \
             VALUES ($1::uuid, $2, $3, now() + make_interval(secs => $4))",
        )
        .bind(id.to_string())
        .bind(caller)
        .bind(signed(price.pico_usd()))
        .bind(hold.as_secs_f64())
        .execute(&mut *tx)
        .await
        .map_err(broken)?;
        tx.commit().await.map_err(broken)?;
        Ok(Ok(Reservation(id)))
    }

    /// Gives back what was held for an exchange that cost nothing. Left undone, its time ends it.
    pub fn release(&self, reservation: Reservation) {
        let pool = self.pool.clone();
        self.writing.spawn(async move {
            let row = sqlx::query("DELETE FROM askline_reserved WHERE id = $1::uuid").bind(reservation.0.to_string());
            if let Err(error) = row.execute(&pool).await.map_err(broken) {
                tracing::warn!(%error, "a reservation was not given back and holds until its time is up");
            }
        });
    }

    /// Until every row is written that was put.
    pub async fn written(&self) {
        self.writing.close();
        self.writing.wait().await;
        self.writing.reopen();
    }

    /// Sums from a moment on, of every row without one; days in their order, others the dearest first.
    pub async fn sums(&self, by: By, since: Option<Timestamp>) -> Result<Vec<Sum>, StoreError> {
        let order = if by == By::Day { "1" } else { "sum(price) DESC NULLS LAST, 1" };
        let text = format!(
            "SELECT {}, count(*), sum(input_tokens)::bigint, sum(output_tokens)::bigint, \
             sum(cache_read_tokens)::bigint, sum(cache_write_tokens)::bigint, sum(cache_write_1h_tokens)::bigint, \
             coalesce(sum(price), 0)::bigint, count(*) FILTER (WHERE price IS NULL), count(*) FILTER (WHERE estimated) \
             FROM askline_ledger WHERE $1::bigint IS NULL OR at >= to_timestamp($1::float8 / 1e6) \
             GROUP BY 1 ORDER BY {order}",
            by.key()
        );
        let rows = sqlx::query(AssertSqlSafe(text)).bind(since.map(Timestamp::as_microsecond));
        let rows = rows.fetch_all(&self.pool).await.map_err(broken)?;
        rows.iter().map(sum).collect::<Result<_, _>>().map_err(broken)
    }
}

/// The row, its price in what the day has cost, and the end of its reservation: all or nothing, and once, however often
/// it is tried. The rows of a day are locked in the order of callers, here and by [`Ledger::reserve`].
const ENTER: &str = "
    WITH entered AS (
        INSERT INTO askline_ledger (id, caller, strategy, rung, model, input_tokens, output_tokens, cache_read_tokens,
            cache_write_tokens, cache_write_1h_tokens, price, estimated, request_id)
        VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT (id) DO NOTHING
        RETURNING (at AT TIME ZONE 'UTC')::date AS day, caller, coalesce(price, 0) AS price
    ), spent AS (
        INSERT INTO askline_spent (day, caller, price)
        SELECT day, who, price FROM entered, LATERAL (VALUES (''), (caller)) AS callers (who) ORDER BY who
        ON CONFLICT (day, caller) DO UPDATE SET price = askline_spent.price + excluded.price
    )
    DELETE FROM askline_reserved WHERE id = $14::uuid";

async fn write(pool: &PgPool, id: Uuid, entry: &Entry, reservation: Option<Reservation>) -> Result<(), StoreError> {
    let Entry { caller, strategy, rung, model, usage, price, estimated, request_id } = entry;
    let row = sqlx::query(ENTER).bind(id.to_string()).bind(caller).bind(strategy).bind(rung).bind(model);
    row.bind(signed(usage.input))
        .bind(signed(usage.output))
        .bind(signed(usage.cache_read))
        .bind(signed(usage.cache_write))
        .bind(signed(usage.cache_write_1h))
        .bind(price.map(|price| signed(price.pico_usd())))
        .bind(estimated)
        .bind(request_id)
        .bind(reservation.map(|reservation| reservation.0.to_string()))
        .execute(pool)
        .await
        .map_err(broken)?;
    Ok(())
}

fn sum(row: &PgRow) -> Result<Sum, sqlx::Error> {
    let number = |at: usize| row.try_get::<i64, _>(at).map(i64::unsigned_abs);
    Ok(Sum {
        key: row.try_get(0)?,
        exchanges: number(1)?,
        usage: Usage {
            input: number(2)?,
            output: number(3)?,
            cache_read: number(4)?,
            cache_write: number(5)?,
            cache_write_1h: number(6)?,
        },
        price: Money::from_pico_usd(number(7)?),
        unpriced: number(8)?,
        estimated: number(9)?,
    })
}

/// More than nine million dollars, or as many tokens, are not of one exchange.
fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn broken(error: sqlx::Error) -> StoreError {
    StoreError::from_sqlx(&error, Duration::ZERO)
}
