-- A record is never thrown away: once a sample was drawn, going back means a backup.
alter table quality_samples no force row level security;
do $$
begin
    if exists (select from quality_samples) then
        raise exception 'samples were drawn, which the schema before cannot keep';
    end if;
end
$$;
revoke insert, update (superseded_by, updated_at) on quality_inspections from jebena_regulator;
drop policy ecta_update on quality_inspections;
drop policy ecta_insert on quality_inspections;
delete from legal_moves where subject = 'INSPECTION';
drop trigger signed on quality_inspections;
drop trigger signed_rows on quality_inspections;
drop trigger signed_table on quality_inspections;
drop function app.keep_inspection();
drop table inspection_screens, inspection_panel;
alter table quality_inspections alter constraint quality_inspections_superseded_by_fkey not deferrable;
alter table quality_inspections
    drop constraint quality_inspections_verdict,
    drop column failed_because,
    drop column cva_score,
    drop column sca_score,
    drop column ico_quality_code,
    drop column defect_grade,
    drop column spread_reason,
    drop column panel_spread,
    drop column raw_items,
    drop column raw_form,
    drop column sample_id;
drop table quality_samples, inspection_form_items, inspection_forms, inspection_centers;
delete from parameters where key in ('cup_panel_minimum', 'cup_spread_limit', 'moisture_dry_below', 'moisture_moist_above',
    'moisture_refused_above', 'sample_grams');
