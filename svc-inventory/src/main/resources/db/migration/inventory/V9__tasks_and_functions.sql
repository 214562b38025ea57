-- Those that should be protected: tasks and functions too.
CREATE INDEX asset_protectable ON asset (id)
    WHERE state = 'ACTIVE' AND resource_type IN
        ('AWS::EC2::Instance', 'AWS::ECS::Task', 'AWS::Lambda::Function', 'Yagura::Host');
CREATE INDEX asset_protectable_by_account ON asset (account_id, id)
    WHERE state = 'ACTIVE' AND resource_type IN
        ('AWS::EC2::Instance', 'AWS::ECS::Task', 'AWS::Lambda::Function', 'Yagura::Host');
DROP INDEX asset_hosts;
DROP INDEX asset_hosts_by_account;
