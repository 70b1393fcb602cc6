revoke update (sealed_secret) on second_factors from jebena_gate;
drop trigger once on second_factors;
create trigger once before update on second_factors for each row execute function app.keep_codes_used();
