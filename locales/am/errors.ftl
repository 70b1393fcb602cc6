### Pages about what went wrong. Everything in this file is awaiting native review.

error-reference = ስለዚህ ጉዳይ ሲጽፉልን { $code } ን ይጥቀሱ።
