using Amazon.CDK;
using Amazon.CDK.AWS.S3;
using Constructs;
using Orders.Infra.Settings;

namespace Orders.Infra.Data;

/// <summary>The bucket for the archive of all changes.</summary>
internal static class Archive
{
    public static Bucket Make(Construct scope, OrdersStackSettings settings) => new(scope, "Archive", new BucketProps
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
                Transitions =
                [
                    new Transition { StorageClass = StorageClass.INFREQUENT_ACCESS, TransitionAfter = Duration.Days(settings.ArchiveInfrequentDays) },
                    new Transition { StorageClass = StorageClass.GLACIER_INSTANT_RETRIEVAL, TransitionAfter = Duration.Days(settings.ArchiveColdDays) },
                ],
                Expiration = settings.ArchiveKeepDays is { } days ? Duration.Days(days) : null,
                NoncurrentVersionExpiration = Duration.Days(30),
                AbortIncompleteMultipartUploadAfter = Duration.Days(7),
            },
        ],
        RemovalPolicy = settings.KeepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
}
