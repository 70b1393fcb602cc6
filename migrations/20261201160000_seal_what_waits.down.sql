create index issued_papers_issuer on issued_papers (issuer_organization_id, issued_at desc);
drop trigger seal_noted on paper_seals;
drop trigger seal_awaited on issued_papers;
set role jebena_definer;
drop function gate.note_seal();
drop function gate.await_seal();
set role jebena_owner;
drop table unsealed_papers;
