//! The stand-in itself, asked without the SDK.
