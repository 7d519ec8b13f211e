ALTER TABLE print_attempts
    DROP CONSTRAINT IF EXISTS ck_print_attempts_is_again,
    DROP CONSTRAINT IF EXISTS ck_print_attempts_state
