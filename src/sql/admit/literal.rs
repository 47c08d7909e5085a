//! Literals: numbers, texts, intervals.

use sqlparser::ast::{DateTimeField, DollarQuotedString, Expr, Interval, Value, ValueWithSpan};

use super::{
    Code, kinds, parse, series,
    walk::{Walk, Walked},
};

impl Walk<'_> {
    /// Every spelling of a text becomes one that means the same on every server, whatever its settings.
    pub(super) fn value(&mut self, value: &ValueWithSpan) -> Walked {
        self.see(value.span);
        match &value.value {
            Value::Number(text, long) => {
                let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
                let exponent = text.split_once(['e', 'E']).map_or(Ok(0), |(_, exponent)| exponent.parse::<i32>());
                let bounded = exponent.is_ok_and(|exponent| exponent.abs() <= 100);
                if !plain || !bounded || *long || text.len() > 40 || series::plain(text).is_none_or(|n| n.abs() > 1e100)
                {
                    return self.unknown("this spelling of a number");
                }
                self.put(text);
                self.weigh_number(text);
                Ok(())
            }
            Value::Boolean(true) => {
                self.put("TRUE");
                Ok(())
            }
            Value::Boolean(false) => {
                self.put("FALSE");
                Ok(())
            }
            Value::Null => {
                self.put("NULL");
                Ok(())
            }
            Value::Placeholder(_) => {
                self.refuse(Code::Placeholder, "a placeholder has no value; write the value itself")
            }
            Value::SingleQuotedString(text)
            | Value::EscapedStringLiteral(text)
            | Value::UnicodeStringLiteral(text)
            | Value::DollarQuotedString(DollarQuotedString { value: text, tag: _ }) => self.text(text),
            _ => self.unknown("this kind of literal"),
        }
    }

    fn text(&mut self, text: &str) -> Walked {
        if let Some(control) = text.chars().find(|c| parse::is_control(*c)) {
            let message = format!("the control character U+{:04X} is not allowed", u32::from(control));
            return self.refuse(Code::ControlCharacter, message);
        }
        self.weigh_text(text);
        let escaped = text.contains('\\');
        self.put(if escaped { "E'" } else { "'" });
        for c in text.chars() {
            match c {
                '\'' => self.put("''"),
                '\\' => self.put("\\\\"),
                c => self.out.push(c),
            }
        }
        self.put("'");
        Ok(())
    }

    pub(super) fn interval(&mut self, interval: &Interval) -> Walked {
        let Interval { value, leading_field, leading_precision: None, last_field, fractional_seconds_precision: None } =
            interval
        else {
            return self.unknown("a precision of an interval");
        };
        self.put("INTERVAL ");
        let Expr::Value(value) = value.as_ref() else {
            return self.unknown("an interval of anything but a text; multiply one with a number");
        };
        self.value(value)?;
        if let Some(field) = leading_field {
            let field = self.field(field)?;
            self.put(" ");
            self.put(&field);
        }
        if let Some(field) = last_field {
            let field = self.field(field)?;
            self.put(" TO ");
            self.put(&field);
        }
        Ok(())
    }

    pub(super) fn field(&mut self, field: &DateTimeField) -> Walked<String> {
        match kinds::field(field) {
            Some(field) => Ok(field.to_owned()),
            None => self.unknown("this part of a moment"),
        }
    }
}
