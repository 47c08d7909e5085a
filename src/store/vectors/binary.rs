//! Rows as `COPY … (FORMAT BINARY)` sends and takes them: a field is its length in four bytes (-1: NULL) and its bytes,
//! numbers with the highest byte first. <https://www.postgresql.org/docs/15/sql-copy.html>

/// The rows in a message; `None` where one is cut or is none.
pub(super) struct Rows<'a>(&'a [u8]);

/// The fields of a row, one after the other. Whatever is read gives `None` where the bytes are not of its kind.
pub(super) struct Row<'a> {
    fields: i16,
    rest: &'a [u8],
}

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
/// Of the signature, the flags and an extension of no length.
const HEADER: usize = 19;

impl<'a> Rows<'a> {
    pub(super) fn new(message: &'a [u8]) -> Self {
        Self(if message.starts_with(SIGNATURE) { message.get(HEADER..).unwrap_or_default() } else { message })
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = Option<Row<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let (fields, begin) = self.0.split_first_chunk()?;
        let fields = i16::from_be_bytes(*fields);
        if fields < 0 {
            // The end of all rows.
            self.0 = &[];
            return None;
        }
        let mut row = Row { fields, rest: begin };
        for _ in 0..fields {
            if row.field().is_none() {
                self.0 = &[];
                return Some(None);
            }
        }
        self.0 = row.rest;
        Some(Some(Row { fields, rest: begin }))
    }
}

impl<'a> Row<'a> {
    #[expect(clippy::option_option, reason = "no field, or NULL")]
    pub(super) fn field(&mut self) -> Option<Option<&'a [u8]>> {
        self.fields = self.fields.checked_sub(1).filter(|left| *left >= 0)?;
        let (length, rest) = self.rest.split_first_chunk()?;
        let length = i32::from_be_bytes(*length);
        if length == -1 {
            self.rest = rest;
            return Some(None);
        }
        let (field, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        Some(Some(field))
    }

    pub(super) fn int(&mut self) -> Option<i64> {
        Some(i64::from_be_bytes(self.field()??.try_into().ok()?))
    }

    /// The number of a transaction.
    pub(super) fn xid(&mut self) -> Option<i64> {
        Some(i64::from(u32::from_be_bytes(self.field()??.try_into().ok()?)))
    }

    #[expect(clippy::option_option, reason = "no number, or NULL")]
    pub(super) fn float(&mut self) -> Option<Option<f64>> {
        let Some(field) = self.field()? else { return Some(None) };
        Some(Some(f64::from_be_bytes(field.try_into().ok()?)))
    }

    #[expect(clippy::option_option, reason = "no text, or NULL")]
    pub(super) fn text(&mut self) -> Option<Option<String>> {
        let Some(field) = self.field()? else { return Some(None) };
        Some(Some(std::str::from_utf8(field).ok()?.to_owned()))
    }

    /// An array without NULL: its dimensions, whether it has NULLs, the type; for one dimension its length and where it
    /// begins; then each as a field.
    pub(super) fn texts(&mut self) -> Option<Vec<String>> {
        let (dimensions, rest) = self.field()??.split_first_chunk()?;
        if i32::from_be_bytes(*dimensions) == 0 {
            return Some(Vec::new());
        }
        let (length, rest) = rest.get(8..)?.split_first_chunk()?;
        let mut row = Row { fields: i16::try_from(i32::from_be_bytes(*length)).ok()?, rest: rest.get(4..)? };
        (0..row.fields).map(|_| row.text()?).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_to_its_last_field_and_never_beyond() {
        let mut whole = SIGNATURE.to_vec();
        whole.extend([0; 8]);
        whole.extend(3_i16.to_be_bytes());
        whole.extend(8_i32.to_be_bytes());
        whole.extend(7_i64.to_be_bytes());
        whole.extend((-1_i32).to_be_bytes());
        whole.extend(4_i32.to_be_bytes());
        whole.extend("모a".as_bytes());
        whole.extend((-1_i16).to_be_bytes());
        let mut rows = Rows::new(&whole);
        let mut row = rows.next().unwrap().unwrap();
        assert_eq!((row.int(), row.text(), row.text()), (Some(7), Some(None), Some(Some("모a".to_owned()))));
        assert!(row.field().is_none(), "there were three");
        assert!(rows.next().is_none());
        // Cut anywhere in the row it is told, and nothing is made up.
        for end in HEADER + 2..whole.len() - 2 {
            assert!(Rows::new(&whole[..end]).next().unwrap().is_none(), "{end}");
        }
    }
}
