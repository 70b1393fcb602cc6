drop table legal_moves, number_counters, number_series, holidays, minimum_export_prices, fx_rates,
    fx_retention_rules, capital_thresholds, parameters, document_requirements, document_types, payment_methods,
    incoterms, currencies, regions, coffee_types, ports, countries;
