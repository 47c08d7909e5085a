//! Rows in the format of `COPY … (FORMAT BINARY)`: for each row the count of fields, for each field its length in
//! bytes and its value, big-endian; NULL has the length -1.

use super::{
    super::EPOCH_2000_MICROS,
    record::{EventIn, Row, VideoIn},
};

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const END: [u8; 2] = (-1_i16).to_be_bytes();

/// Bytes on their way to the server.
pub(super) struct Copy(Vec<u8>);

impl Copy {
    pub(super) fn begin() -> Self {
        Self(SIGNATURE.to_vec())
    }

    /// Bytes waiting.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Hands over what is waiting.
    pub(super) fn take(&mut self) -> Vec<u8> {
        let capacity = self.0.capacity();
        std::mem::replace(&mut self.0, Vec::with_capacity(capacity))
    }

    pub(super) fn end(mut self) -> Vec<u8> {
        self.0.extend(END);
        self.0
    }

    /// A row, with the file and line it came from, in the order of the staging tables.
    pub(super) fn row(&mut self, file: usize, line: u64, row: &Row) {
        let origin = (i64::try_from(file).unwrap_or(i64::MAX), i64::try_from(line).unwrap_or(i64::MAX));
        match row {
            Row::Video(video) => self.video(origin, video),
            Row::Event(event) => self.event(origin, event),
        }
    }

    fn video(&mut self, (file, line): (i64, i64), video: &VideoIn) {
        self.0.extend(9_i16.to_be_bytes());
        self.int(Some(file));
        self.int(Some(line));
        self.int(video.id);
        self.text(Some(&video.name));
        self.text(video.filename.as_deref());
        self.float(video.duration);
        self.moment(video.recorded_at);
        self.text(Some(&video.timezone));
        self.moment(video.created_at);
    }

    fn event(&mut self, (file, line): (i64, i64), event: &EventIn) {
        self.0.extend(16_i16.to_be_bytes());
        self.int(Some(file));
        self.int(Some(line));
        self.int(event.id);
        self.int(Some(event.video_id));
        self.float(Some(event.timestamp));
        self.float(Some(event.duration));
        self.text(Some(event.event_type));
        self.text(event.action_detected.as_deref());
        self.text(event.location.as_deref());
        self.text(event.area);
        self.float(event.age);
        self.text(event.gender);
        self.int(event.obj_id);
        self.float(Some(event.confidence));
        self.text(event.description.as_deref());
        self.json(&event.attributes);
    }

    fn int(&mut self, value: Option<i64>) {
        self.fixed(value.map(i64::to_be_bytes));
    }

    fn float(&mut self, value: Option<f64>) {
        self.fixed(value.map(f64::to_be_bytes));
    }

    /// Microseconds since 1970 here, since 2000 there.
    fn moment(&mut self, value: Option<i64>) {
        self.fixed(value.map(|micros| (micros - EPOCH_2000_MICROS).to_be_bytes()));
    }

    fn fixed(&mut self, value: Option<[u8; 8]>) {
        match value {
            Some(bytes) => self.sized(&[], &bytes),
            None => self.null(),
        }
    }

    fn text(&mut self, value: Option<&str>) {
        match value {
            Some(text) => self.sized(&[], text.as_bytes()),
            None => self.null(),
        }
    }

    /// jsonb: a version, then text.
    fn json(&mut self, text: &str) {
        self.sized(&[1], text.as_bytes());
    }

    fn sized(&mut self, prefix: &[u8], bytes: &[u8]) {
        // A cell of 2 GiB does not come out of the parser: the server would refuse it long before.
        let length = i32::try_from(prefix.len() + bytes.len()).unwrap_or(i32::MAX);
        self.0.extend(length.to_be_bytes());
        self.0.extend(prefix);
        self.0.extend(bytes);
    }

    fn null(&mut self) {
        self.0.extend((-1_i32).to_be_bytes());
    }
}
