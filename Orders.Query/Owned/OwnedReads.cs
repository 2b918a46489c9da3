using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Query.Http;
using Orders.Query.Reading;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.Owned;

/// <summary>
/// The common part of the routes of customers and products: reads one or many by id, and never another
/// merchant's.
/// </summary>
internal static class OwnedReads
{
    /// <summary>Finds things with known merchants, in the requested order.</summary>
    public delegate Task<IReadOnlyList<T>> Finder<T>(IReadOnlyList<OwnedId> ids, CancellationToken cancellationToken);

    /// <summary>One by the id in the path.</summary>
    /// <param name="http">The request.</param>
    /// <param name="readModel">The read model.</param>
    /// <param name="table">Where its merchant is found when the request does not say.</param>
    /// <param name="id">The id in the path.</param>
    /// <param name="find">Finds it.</param>
    public static async Task<Results<Ok<T>, ProblemHttpResult>> OneAsync<T>(
        HttpContext http, ReadModel readModel, OwnedTable table, string id, Finder<T> find)
        where T : class
    {
        var errors = new QueryErrors(http.Request.Query, OwnedIds.OneParameters);
        var asked = OwnedIds.Read(errors, TextIds.InPath(http, id));
        if (!errors.None)
        {
            return errors.Answer();
        }
        // A malformed id is answered like an unknown one.
        if (!TextIds.MayExist(asked.Id))
        {
            return NotFound();
        }

        var owners = await Owner.FindAsync(readModel, table, [asked], http.GetCaller(), http.RequestAborted);
        if (owners.IsAmbiguous(asked))
        {
            return errors.Ambiguous(OwnedIds.Merchant, asked);
        }

        if (await find(Known(owners.Found), http.RequestAborted) is not [var found])
        {
            return NotFound();
        }

        ReadHeaders.Write(http.Response, ServedBy.Postgres);
        return TypedResults.Ok(found);

        ProblemHttpResult NotFound() => Problems.NotFound($"There is no such {table.Thing}.");
    }

    /// <summary>Many by the <c>ids</c> in the query string.</summary>
    /// <param name="http">The request.</param>
    /// <param name="readModel">The read model.</param>
    /// <param name="table">Where their merchants are found when the request does not say.</param>
    /// <param name="find">Finds them.</param>
    /// <param name="list">Makes the response from what was found and from the problems with ids.</param>
    public static async Task<Results<Ok<TList>, ProblemHttpResult>> ManyAsync<T, TList>(
        HttpContext http, ReadModel readModel, OwnedTable table, Finder<T> find, Func<IReadOnlyList<T>, IReadOnlyList<ListProblem>?, TList> list)
        where TList : class
    {
        var errors = new QueryErrors(http.Request.Query, OwnedIds.ManyParameters);
        var asked = OwnedIds.Read(errors);
        if (!errors.None)
        {
            return errors.Answer();
        }

        Turn.Begin(http.GetCaller(), asked.Ids.Count);
        var owners = await Owner.FindAsync(readModel, table, asked.Ids, http.GetCaller(), http.RequestAborted);
        if (owners.AllAreAmbiguous)
        {
            return errors.Ambiguous(IdList.Parameter, asked.Ids[0]);
        }

        var found = await find(Known(owners.Found), http.RequestAborted);
        ReadHeaders.Write(http.Response, ServedBy.Postgres);
        return TypedResults.Ok(list(found, owners.Problems(asked) is [_, ..] problems ? problems : null));
    }

    /// <summary>The ids with known merchants, each once.</summary>
    public static IReadOnlyList<OwnedId> Known(IReadOnlyList<OwnedId?> ids) => [.. ids.OfType<OwnedId>().Distinct()];
}
