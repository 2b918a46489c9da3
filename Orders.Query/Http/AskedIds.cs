namespace Orders.Query.Http;

/// <summary>The result of <see cref="IdList"/>.</summary>
/// <typeparam name="T">An id.</typeparam>
/// <param name="Ids">Each once, in the requested order. Empty when the request is invalid; the errors then
/// say why.</param>
/// <param name="Problems">The entries that are not ids.</param>
internal sealed record AskedIds<T>(IReadOnlyList<T> Ids, IReadOnlyList<ListProblem> Problems);
