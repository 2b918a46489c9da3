using Orders.Query.Http;

namespace Orders.Query.WhoAmI;

internal static class WhoAmISetup
{
    public static void MapWhoAmI(this RouteGroupBuilder v1) =>
        v1.MapRead("/whoami", GetWhoAmI.Handle)
            .WithTags("sign-in")
            .WithName("GetWhoAmI")
            .WithSummary("What the key of the request is: its id, its merchants and its scopes.")
            .WithAnswer(WhoAmIAnswer.Example);
}
