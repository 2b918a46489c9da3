namespace Orders.AppHost;

internal static class PlainHttp
{
    /// <summary>
    /// No TLS, whether or not this machine has a trusted development certificate: everything is reached over
    /// the loopback only, what a service is told must not depend on that, and the dashboard asks for a
    /// certificate where a resource could use one.
    /// </summary>
    public static IResourceBuilder<T> WithoutTls<T>(this IResourceBuilder<T> resource)
        where T : IResourceWithEnvironment, IResourceWithArgs
    {
#pragma warning disable ASPIRECERTIFICATES001 // May change in a later Aspire; its version is pinned.
        return resource.WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001
    }
}
