drop table paper_prints, issued_papers, certificates_of_origin, permit_lots, export_permits;
