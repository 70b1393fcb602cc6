### Printed papers. Everything in this file is awaiting native review.

papers-how-to-print = ይህን ገጽ በA4 ወረቀት ላይ በ100 % ያትሙ፣ የአሳሹን ራስጌና ግርጌ ሳያካትቱ።
