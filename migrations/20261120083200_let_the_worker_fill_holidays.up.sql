-- Holidays are entered year by year, from the calendar, by whatever runs in the background.
grant insert on holidays to jebena_worker;
