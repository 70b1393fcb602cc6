### Pages about what went wrong.

error-reference = If you write to us about this, name { $code }.
