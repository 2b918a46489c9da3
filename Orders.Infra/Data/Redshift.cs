using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.RedshiftServerless;
using Amazon.CDK.AWS.SecretsManager;
using Constructs;
using Orders.Infra.Network;
using Orders.Infra.Settings;
using EcsSecret = Amazon.CDK.AWS.ECS.Secret;

namespace Orders.Infra.Data;

/// <summary>
/// Redshift Serverless in the private subnets. All that it holds is loaded from the lake, so it is removed
/// with
/// the stack.
/// </summary>
internal sealed class Redshift
{
    private const string Database = "orders";
    private const string Loader = "orders_loader";

    private readonly Secret _password;
    private readonly CfnWorkgroup _workgroup;

    public Redshift(Construct scope, OrdersStackSettings settings, OrdersNetwork network, ServiceGroups groups, Lake lake)
    {
        // Not Redshift's own secret: CloudFormation does not tell its ARN, so no right could name it.
        _password = new Secret(scope, "RedshiftPassword", new SecretProps
        {
            Description = "The loader's password in Redshift",
            // Redshift takes 8 to 64 characters, few of them special.
            GenerateSecretString = new SecretStringGenerator { PasswordLength = 48, ExcludePunctuation = true },
            RemovalPolicy = RemovalPolicy.DESTROY,
        });
        var reader = new Role(scope, "RedshiftRole", new RoleProps
        {
            AssumedBy = new CompositePrincipal(new ServicePrincipal("redshift-serverless.amazonaws.com"), new ServicePrincipal("redshift.amazonaws.com")),
            Description = "COPY reads the lake",
        });
        foreach (var right in lake.Reading)
        {
            reader.AddToPolicy(right);
        }

        var name = $"{settings.Name}-warehouse";
        var space = new CfnNamespace(scope, "RedshiftNamespace", new CfnNamespaceProps
        {
            NamespaceName = name,
            DbName = Database,
            AdminUsername = Loader,
            AdminUserPassword = _password.SecretValue.UnsafeUnwrap(),
            IamRoles = new[] { reader.RoleArn },
            DefaultIamRoleArn = reader.RoleArn,
        });
        _workgroup = new CfnWorkgroup(scope, "RedshiftWorkgroup", new CfnWorkgroupProps
        {
            WorkgroupName = name,
            NamespaceName = name,
            BaseCapacity = settings.RedshiftCapacity,
            MaxCapacity = settings.RedshiftMaxCapacity,
            PubliclyAccessible = false,
            // COPY of Parquet reads the bucket from outside the VPC, and routing through it needs three
            // zones.
            EnhancedVpcRouting = false,
            SubnetIds = network.Vpc.SelectSubnets(network.Subnets).SubnetIds,
            SecurityGroupIds = new[] { groups.Redshift!.SecurityGroupId },
            ConfigParameters = new[] { new CfnWorkgroup.ConfigParameterProperty { ParameterKey = "require_ssl", ParameterValue = "true" } },
        });
        _workgroup.Node.AddDependency(space);
    }

    public IDependable Part => _workgroup;

    public string Host => _workgroup.AttrWorkgroupEndpointAddress;

    public string PasswordArn => _password.SecretArn;

    /// <summary>For <c>Orders__Warehouse__Redshift</c>, without the password.</summary>
    public string ConnectionString => $"Host={Host};Port={Ports.Redshift};Database={Database};Username={Loader};SSL Mode=VerifyFull;GSS Encryption Mode=Disable";

    /// <summary>For <c>Orders__Warehouse__RedshiftPassword</c>.</summary>
    public EcsSecret Password => EcsSecret.FromSecretsManager(_password);
}
