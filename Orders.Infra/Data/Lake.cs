using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.S3;
using Constructs;
using Orders.Infra.Settings;

namespace Orders.Infra.Data;

/// <summary>
/// The bucket of the warehouse: Parquet files of every change. Queries read all of them every day, so no
/// rule
/// moves them to a class that charges for reading, and none removes one: that would remove orders.
/// </summary>
internal sealed class Lake
{
    /// <summary>What all of its keys begin with.</summary>
    public const string Prefix = "lake";

    public Lake(Construct scope, OrdersStackSettings settings) => Bucket = new(scope, "Lake", new BucketProps
    {
        Encryption = BucketEncryption.S3_MANAGED,
        BlockPublicAccess = BlockPublicAccess.BLOCK_ALL,
        ObjectOwnership = ObjectOwnership.BUCKET_OWNER_ENFORCED,
        EnforceSSL = true,
        MinimumTLSVersion = 1.2,
        Versioned = true,
        LifecycleRules =
        [
            new LifecycleRule
            {
                // Costs nothing to read in any of its tiers. Days are compacted by then, and it ignores
                // objects
                // of less than 128 kB.
                Transitions = [new Transition { StorageClass = StorageClass.INTELLIGENT_TIERING, TransitionAfter = Duration.Days(settings.LakeTieringDays) }],
                // Files that a compaction or an erasure replaced.
                NoncurrentVersionExpiration = Duration.Days(settings.LakeRecoveryDays),
                AbortIncompleteMultipartUploadAfter = Duration.Days(1),
            },
            // Every deleted object leaves one, and each makes listings slower.
            new LifecycleRule { ExpiredObjectDeleteMarker = true },
        ],
        RemovalPolicy = settings.KeepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        // CloudFormation removes only an empty bucket.
        AutoDeleteObjects = !settings.KeepData,
    });

    public Bucket Bucket { get; }

    /// <summary>For <c>Orders__Warehouse__Lake</c>.</summary>
    public string Address => $"s3://{Bucket.BucketName}/{Prefix}";

    /// <summary>The calls of Orders.Warehouse.</summary>
    public IReadOnlyList<PolicyStatement> Writing => Allow("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload");

    /// <summary>The calls of a COPY of Redshift.</summary>
    public IReadOnlyList<PolicyStatement> Reading => Allow("s3:GetObject");

    private PolicyStatement[] Allow(params string[] actions) =>
    [
        new(new PolicyStatementProps { Actions = actions, Resources = [Bucket.ArnForObjects($"{Prefix}/*")] }),
        new(new PolicyStatementProps
        {
            Actions = ["s3:ListBucket"],
            Resources = [Bucket.BucketArn],
            // "IfExists": a request for an object names no prefix. Without this right S3 answers 403 in
            // place of
            // 404 for one that is gone.
            Conditions = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["StringLikeIfExists"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["s3:prefix"] = $"{Prefix}/*" },
            },
        }),
    ];
}
