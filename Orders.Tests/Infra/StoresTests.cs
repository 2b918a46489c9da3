using System.Text.Json;
using Shouldly;
using Xunit;

namespace Orders.Tests.Infra;

public sealed class StoresTests(SynthesizedStacks stacks)
{
    [Fact]
    public void The_table_has_the_designs_keys_a_stream_of_both_images_and_ways_back()
    {
        var table = stacks.Whole.Only("AWS::DynamoDB::Table");

        table["KeySchema"].EnumerateArray().Select(key => (key.GetProperty("AttributeName").GetString(), key.GetProperty("KeyType").GetString()))
            .ShouldBe([("pk", "HASH"), ("sk", "RANGE")]);
        table["AttributeDefinitions"].EnumerateArray().ShouldAllBe(attribute => attribute.GetProperty("AttributeType").GetString() == "S");
        table.Text("BillingMode").ShouldBe("PAY_PER_REQUEST");
        table.Text("StreamSpecification.StreamViewType").ShouldBe("NEW_AND_OLD_IMAGES");
        table.Text("TimeToLiveSpecification.AttributeName").ShouldBe("expires_at");
        table["TimeToLiveSpecification.Enabled"].GetBoolean().ShouldBeTrue();
        table["PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"].GetBoolean().ShouldBeTrue();
        table["SSESpecification.SSEEnabled"].GetBoolean().ShouldBeTrue();
        table["DeletionProtectionEnabled"].GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void A_table_that_is_there_already_is_used_and_not_touched()
    {
        stacks.Existing.OfType("AWS::DynamoDB::Table").ShouldBeEmpty();
        stacks.Existing.Named("AWS::CloudWatch::Alarm", "WriteThrottlesAlarm")["Dimensions"][0].GetProperty("Value").GetString().ShouldBe("their-orders");
    }

    [Fact]
    public void The_database_is_serverless_encrypted_and_speaks_tls_only()
    {
        var cluster = stacks.Whole.Only("AWS::RDS::DBCluster");

        cluster.Text("Engine").ShouldBe("aurora-postgresql");
        cluster["ServerlessV2ScalingConfiguration.MinCapacity"].GetDouble().ShouldBe(0.5);
        cluster["ServerlessV2ScalingConfiguration.MaxCapacity"].GetDouble().ShouldBe(8);
        cluster["StorageEncrypted"].GetBoolean().ShouldBeTrue();
        cluster["DeletionProtection"].GetBoolean().ShouldBeTrue();
        cluster["BackupRetentionPeriod"].GetInt32().ShouldBe(14);
        var parameters = stacks.Whole.Only("AWS::RDS::DBClusterParameterGroup");
        Template.Target(cluster["DBClusterParameterGroupName"]).ShouldBe(parameters.Name);
        parameters["Parameters"].GetProperty("rds.force_ssl").GetString().ShouldBe("1");
        stacks.Whole.OfType("AWS::RDS::DBInstance").Count().ShouldBe(2);
        stacks.Whole.OfType("AWS::RDS::DBInstance").ShouldAllBe(instance => instance.Text("DBInstanceClass") == "db.serverless" && !instance["PubliclyAccessible"].GetBoolean());
    }

    [Fact]
    public void Rds_makes_and_rotates_the_one_password_and_it_is_in_no_template()
    {
        var cluster = stacks.Whole.Only("AWS::RDS::DBCluster");

        cluster["ManageMasterUserPassword"].GetBoolean().ShouldBeTrue();
        cluster["MasterUserPassword"].ValueKind.ShouldBe(JsonValueKind.Undefined);
    }

    [Fact]
    public void Services_reach_the_database_through_a_proxy_with_tls_and_iam_on_both_sides()
    {
        var proxy = stacks.Whole.Only("AWS::RDS::DBProxy");

        proxy["RequireTLS"].GetBoolean().ShouldBeTrue();
        proxy.Text("DefaultAuthScheme").ShouldBe("IAM_AUTH");
        proxy["Auth"].ValueKind.ShouldBe(JsonValueKind.Undefined);
        stacks.Whole.Only("AWS::RDS::DBCluster")["EnableIAMDatabaseAuthentication"].GetBoolean().ShouldBeTrue();
        Template.Target(stacks.Whole.Only("AWS::RDS::DBProxyTargetGroup")["DBClusterIdentifiers"][0]).ShouldBe(stacks.Whole.Only("AWS::RDS::DBCluster").Name);
    }

    [Fact]
    public void The_cache_takes_tls_and_a_token_and_survives_a_node()
    {
        var cache = stacks.Whole.Only("AWS::ElastiCache::ReplicationGroup");

        cache["TransitEncryptionEnabled"].GetBoolean().ShouldBeTrue();
        cache.Text("TransitEncryptionMode").ShouldBe("required");
        cache["AtRestEncryptionEnabled"].GetBoolean().ShouldBeTrue();
        cache.Text("AuthToken").ShouldBe($"{{{{resolve:secretsmanager:${{{stacks.Whole.Named("AWS::SecretsManager::Secret", "CacheToken").Name}}}:SecretString:::}}}}");
        cache["AutomaticFailoverEnabled"].GetBoolean().ShouldBeTrue();
        cache["ReplicasPerNodeGroup"].GetInt32().ShouldBe(1);
        stacks.Trial.Only("AWS::ElastiCache::ReplicationGroup")["AutomaticFailoverEnabled"].GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public void The_archive_is_closed_encrypted_and_grows_cheaper()
    {
        var bucket = stacks.Whole.Only("AWS::S3::Bucket");

        bucket["PublicAccessBlockConfiguration"].EnumerateObject().Select(each => each.Value.GetBoolean()).ShouldBe([true, true, true, true]);
        bucket["BucketEncryption.ServerSideEncryptionConfiguration"][0].GetProperty("ServerSideEncryptionByDefault").GetProperty("SSEAlgorithm").GetString().ShouldBe("AES256");
        bucket.Text("VersioningConfiguration.Status").ShouldBe("Enabled");
        bucket["LifecycleConfiguration.Rules"][0].GetProperty("Transitions").EnumerateArray().Select(each => each.GetProperty("TransitionInDays").GetInt32()).ShouldBe([30, 180]);
        stacks.Whole.Only("AWS::S3::BucketPolicy")["PolicyDocument.Statement"].EnumerateArray().ShouldContain(statement =>
            statement.GetProperty("Effect").GetString() == "Deny" && statement.GetProperty("Condition").GetRawText().Contains("aws:SecureTransport"));
    }

    [Fact]
    public void Removing_the_stack_keeps_the_data_unless_it_is_a_trial()
    {
        Policies(stacks.Whole).ShouldBe(["Retain", "Snapshot", "Retain", "Retain", "Retain", "Retain", "Retain"]);
        Policies(stacks.Trial).Distinct().ShouldBe(["Delete"]);
        stacks.Trial.Only("AWS::DynamoDB::Table")["DeletionProtectionEnabled"].GetBoolean().ShouldBeFalse();
        stacks.Trial.Only("AWS::RDS::DBCluster")["DeletionProtection"].GetBoolean().ShouldBeFalse();

        static IEnumerable<string?> Policies(Template template) =>
            new[] { template.Only("AWS::DynamoDB::Table"), template.Only("AWS::RDS::DBCluster"), template.Only("AWS::S3::Bucket") }
                .Concat(new[] { "WriteKey", "ReadKey", "OperationsKey", "CacheToken" }.Select(name => template.Named("AWS::SecretsManager::Secret", name)))
                .Select(resource => resource.DeletionPolicy);
    }
}
