//! Frames of `application/vnd.amazon.eventstream`, written apart from the SDK that reads them: total and header length,
//! their CRC-32, headers, payload, the CRC-32 of all before it; numbers are big-endian.

/// An event of this type with a JSON payload.
pub(super) fn event(kind: &str, payload: &[u8]) -> Vec<u8> {
    frame(&[(":event-type", kind), (":content-type", "application/json"), (":message-type", "event")], payload)
}

/// An exception of the service in the middle of a stream.
pub(super) fn exception(kind: &str, payload: &[u8]) -> Vec<u8> {
    frame(&[(":exception-type", kind), (":content-type", "application/json"), (":message-type", "exception")], payload)
}

fn frame(headers: &[(&str, &str)], payload: &[u8]) -> Vec<u8> {
    let mut head = Vec::new();
    for (name, value) in headers {
        // Names and values here are short literals and exception names.
        head.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
        head.extend(name.as_bytes());
        head.push(STRING);
        head.extend(u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes());
        head.extend(value.as_bytes());
    }
    let length = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX).to_be_bytes();
    let mut frame = Vec::with_capacity(16 + head.len() + payload.len());
    frame.extend(length(16 + head.len() + payload.len()));
    frame.extend(length(head.len()));
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame.extend(head);
    frame.extend(payload);
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame
}

/// The type of a header whose value is text.
const STRING: u8 = 7;

#[cfg(test)]
mod tests {
    /// The empty message of the format's own test vectors.
    #[test]
    fn a_frame_has_the_bytes_of_the_format() {
        let empty = [0, 0, 0, 0x10, 0, 0, 0, 0, 0x05, 0xc2, 0x48, 0xeb, 0x7d, 0x98, 0xc8, 0xff];
        assert_eq!(super::frame(&[], b""), empty);
    }
}
