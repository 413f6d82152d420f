DROP TABLE broker_subjects;
