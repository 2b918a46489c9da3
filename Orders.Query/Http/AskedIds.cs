namespace Orders.Query.Http;

/// <summary>What <see cref="IdList"/> reads.</summary>
/// <typeparam name="T">An id.</typeparam>
/// <param name="Ids">Each once, in the order asked. Empty when something is wrong; the errors then say
/// what.</param>
/// <param name="Problems">The entries that are no ids.</param>
internal sealed record AskedIds<T>(IReadOnlyList<T> Ids, IReadOnlyList<ListProblem> Problems);
