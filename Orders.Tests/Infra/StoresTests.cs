using Amazon.CDK.Assertions;
using Shouldly;
using Xunit;
using Props = System.Collections.Generic.Dictionary<string, object>;

namespace Orders.Tests.Infra;

[Collection(SynthesizedStacks.CallsCdk)]
public sealed class StoresTests(SynthesizedStacks stacks)
{
    [Fact]
    public void There_is_one_of_each_store()
    {
        foreach (var type in new[] { "AWS::DynamoDB::Table", "AWS::RDS::DBCluster", "AWS::RDS::DBProxy", "AWS::ElastiCache::ReplicationGroup", "AWS::S3::Bucket" })
        {
            stacks.Whole.Assert.ResourceCountIs(type, 1);
        }
    }

    [Fact]
    public void The_table_has_the_designs_keys_a_stream_of_both_images_and_ways_back() => stacks.Whole.Assert.HasResourceProperties("AWS::DynamoDB::Table", new Props
    {
        ["KeySchema"] = new[] { Key("pk", "HASH"), Key("sk", "RANGE") },
        ["AttributeDefinitions"] = new[] { Text("pk"), Text("sk") },
        ["BillingMode"] = "PAY_PER_REQUEST",
        ["StreamSpecification"] = new Props { ["StreamViewType"] = "NEW_AND_OLD_IMAGES" },
        ["TimeToLiveSpecification"] = new Props { ["AttributeName"] = "expires_at", ["Enabled"] = true },
        ["PointInTimeRecoverySpecification"] = new Props { ["PointInTimeRecoveryEnabled"] = true },
        ["SSESpecification"] = new Props { ["SSEEnabled"] = true },
        ["DeletionProtectionEnabled"] = true,
    });

    [Fact]
    public void A_table_that_is_there_already_is_used_and_not_touched()
    {
        stacks.Existing.Assert.ResourceCountIs("AWS::DynamoDB::Table", 0);
        stacks.Existing.Json.Named("AWS::CloudWatch::Alarm", "WriteThrottlesAlarm")["Dimensions"][0].GetProperty("Value").GetString().ShouldBe("their-orders");
        new ServiceTask(stacks.Existing.Json, "Api").Environment["Orders__Table"].ShouldBe("their-orders");
    }

    [Fact]
    public void The_database_is_serverless_encrypted_and_speaks_tls_only()
    {
        stacks.Whole.Assert.HasResourceProperties("AWS::RDS::DBCluster", new Props
        {
            ["Engine"] = "aurora-postgresql",
            ["ServerlessV2ScalingConfiguration"] = new Props { ["MinCapacity"] = 0.5, ["MaxCapacity"] = 8 },
            ["StorageEncrypted"] = true,
            ["DeletionProtection"] = true,
            ["BackupRetentionPeriod"] = 14,
            ["EnableIAMDatabaseAuthentication"] = true,
            ["DBClusterParameterGroupName"] = Reference("AWS::RDS::DBClusterParameterGroup"),
        });
        stacks.Whole.Assert.HasResourceProperties("AWS::RDS::DBClusterParameterGroup", new Props { ["Parameters"] = new Props { ["rds.force_ssl"] = "1" } });
        Parameters(stacks.Whole).ShouldBe("""{"rds.force_ssl":"1","rds.logical_replication":"1","max_slot_wal_keep_size":"20480"}""");
        Parameters(stacks.Small).ShouldBe("""{"rds.force_ssl":"1"}""");
        stacks.Whole.Assert.ResourceCountIs("AWS::RDS::DBInstance", 2);
        stacks.Whole.Assert.AllResourcesProperties("AWS::RDS::DBInstance", new Props { ["DBInstanceClass"] = "db.serverless", ["PubliclyAccessible"] = false });

        static string Parameters(SynthesizedStack stack) => stack.Json.Only("AWS::RDS::DBClusterParameterGroup")["Parameters"].GetRawText().Replace(" ", "").Replace("\n", "");
    }

    [Fact]
    public void Rds_makes_and_rotates_the_one_password_and_it_is_in_no_template() => stacks.Whole.Assert.HasResourceProperties(
        "AWS::RDS::DBCluster", new Props { ["ManageMasterUserPassword"] = true, ["MasterUserPassword"] = Match.Absent() });

    [Fact]
    public void Services_reach_the_database_through_a_proxy_with_tls_and_iam_on_both_sides()
    {
        stacks.Whole.Assert.HasResourceProperties("AWS::RDS::DBProxy", new Props { ["RequireTLS"] = true, ["DefaultAuthScheme"] = "IAM_AUTH", ["Auth"] = Match.Absent() });
        stacks.Whole.Assert.HasResourceProperties("AWS::RDS::DBProxyTargetGroup", new Props { ["DBClusterIdentifiers"] = new[] { Reference("AWS::RDS::DBCluster") } });
    }

    [Fact]
    public void The_cache_takes_tls_and_a_token_and_survives_a_node()
    {
        stacks.Whole.Assert.HasResourceProperties("AWS::ElastiCache::ReplicationGroup", new Props
        {
            ["TransitEncryptionEnabled"] = true,
            ["TransitEncryptionMode"] = "required",
            ["AtRestEncryptionEnabled"] = true,
            ["AutomaticFailoverEnabled"] = true,
            ["ReplicasPerNodeGroup"] = 1,
        });
        stacks.Whole.Json.Only("AWS::ElastiCache::ReplicationGroup").Text("AuthToken")
            .ShouldBe($"{{{{resolve:secretsmanager:${{{stacks.Whole.Json.Named("AWS::SecretsManager::Secret", "CacheToken").Name}}}:SecretString:::}}}}");
        stacks.Trial.Assert.HasResourceProperties("AWS::ElastiCache::ReplicationGroup", new Props { ["AutomaticFailoverEnabled"] = false });
    }

    [Fact]
    public void The_lake_is_closed_encrypted_forgets_what_was_replaced_and_removes_nothing_else()
    {
        stacks.Whole.Assert.HasResourceProperties("AWS::S3::Bucket", new Props
        {
            ["PublicAccessBlockConfiguration"] = new Props { ["BlockPublicAcls"] = true, ["BlockPublicPolicy"] = true, ["IgnorePublicAcls"] = true, ["RestrictPublicBuckets"] = true },
            ["BucketEncryption"] = new Props
            {
                ["ServerSideEncryptionConfiguration"] = new[] { new Props { ["ServerSideEncryptionByDefault"] = new Props { ["SSEAlgorithm"] = "AES256" } } },
            },
            ["VersioningConfiguration"] = new Props { ["Status"] = "Enabled" },
            ["LifecycleConfiguration"] = new Props
            {
                ["Rules"] = new object[]
                {
                    new Props
                    {
                        ["Transitions"] = new[] { new Props { ["StorageClass"] = "INTELLIGENT_TIERING", ["TransitionInDays"] = 7 } },
                        ["NoncurrentVersionExpiration"] = new Props { ["NoncurrentDays"] = 7 },
                        ["AbortIncompleteMultipartUpload"] = new Props { ["DaysAfterInitiation"] = 1 },
                        ["ExpirationInDays"] = Match.Absent(),
                        ["Status"] = "Enabled",
                    },
                    new Props { ["ExpiredObjectDeleteMarker"] = true, ["Status"] = "Enabled" },
                },
            },
        });
        stacks.Whole.Assert.HasResourceProperties("AWS::S3::BucketPolicy", new Props
        {
            ["PolicyDocument"] = new Props
            {
                ["Statement"] = Match.ArrayWith([Match.ObjectLike(new Props { ["Effect"] = "Deny", ["Condition"] = new Props { ["Bool"] = new Props { ["aws:SecureTransport"] = "false" } } })]),
            },
        });
    }

    [Fact]
    public void Redshift_is_in_the_private_subnets_has_a_password_of_Secrets_Manager_and_is_made_only_when_asked_for()
    {
        var name = stacks.Whole.Json.Named("AWS::SecretsManager::Secret", "RedshiftPassword").Name;
        var role = stacks.Whole.Json.Named("AWS::IAM::Role", "RedshiftRole").Name;
        var space = stacks.Whole.Json.Only("AWS::RedshiftServerless::Namespace");
        (space.Text("DbName"), space.Text("AdminUserPassword")).ShouldBe(("orders", $"{{{{resolve:secretsmanager:${{{name}}}:SecretString:::}}}}"));
        (TemplateJson.Text(space["IamRoles"][0]), space.Text("DefaultIamRoleArn")).ShouldBe(($"${{{role}.Arn}}", $"${{{role}.Arn}}"));

        var group = stacks.Whole.Json.Only("AWS::RedshiftServerless::Workgroup");
        group["SubnetIds"].GetRawText().ShouldBe(stacks.Whole.Json.Only("AWS::RDS::DBProxy")["VpcSubnetIds"].GetRawText());
        (group["PubliclyAccessible"].GetBoolean(), group["BaseCapacity"].GetInt32(), group["MaxCapacity"].GetInt32()).ShouldBe((false, 8, 32));
        group["ConfigParameters"].GetRawText().ShouldContain("require_ssl");
        TemplateJson.Text(group["SecurityGroupIds"][0]).ShouldBe($"${{{stacks.Whole.Json.Named("AWS::EC2::SecurityGroup", "RedshiftGroup").Name}.GroupId}}");
        stacks.Trial.Assert.ResourceCountIs("AWS::RedshiftServerless::Workgroup", 0);
    }

    [Fact]
    public void Removing_the_stack_keeps_the_data_unless_it_is_a_trial()
    {
        Policies(stacks.Whole.Json).ShouldBe(["Retain", "Snapshot", "Retain", "Retain", "Retain", "Retain", "Retain", "Retain"]);
        Policies(stacks.Trial.Json).Distinct().ShouldBe(["Delete"]);
        stacks.Trial.Assert.HasResourceProperties("AWS::DynamoDB::Table", new Props { ["DeletionProtectionEnabled"] = false });
        stacks.Trial.Assert.HasResourceProperties("AWS::RDS::DBCluster", new Props { ["DeletionProtection"] = false });
        // CloudFormation removes only an empty bucket.
        stacks.Trial.Assert.ResourceCountIs("Custom::S3AutoDeleteObjects", 1);
        stacks.Whole.Assert.ResourceCountIs("Custom::S3AutoDeleteObjects", 0);

        static IEnumerable<string?> Policies(TemplateJson template) =>
            new[] { template.Only("AWS::DynamoDB::Table"), template.Only("AWS::RDS::DBCluster"), template.Only("AWS::S3::Bucket") }
                .Concat(new[] { "WriteKey", "ReadKey", "OperationsKey", "CacheToken", "WarehouseKey" }.Select(name => template.Named("AWS::SecretsManager::Secret", name)))
                .Select(resource => resource.DeletionPolicy);
    }

    private Props Reference(string type) => new() { ["Ref"] = stacks.Whole.Json.Only(type).Name };

    private static Props Key(string name, string type) => new() { ["AttributeName"] = name, ["KeyType"] = type };

    private static Props Text(string name) => new() { ["AttributeName"] = name, ["AttributeType"] = "S" };
}
