//! A session that is cut over a real `sshd`.
