using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Query.Owned;
using Orders.Query.Reading;

namespace Orders.Query.Customers;

/// <summary><c>GET /v1/customers/{id}</c> and <c>GET /v1/customers?ids=…</c></summary>
internal static class GetCustomers
{
    public static Task<Results<Ok<Customer>, ProblemHttpResult>> OneAsync(string id, HttpContext http, ReadModel readModel, CustomerStore customers) =>
        OwnedReads.OneAsync(http, readModel, OwnedTable.Customers, id, customers.FindAsync);

    public static Task<Results<Ok<CustomerList>, ProblemHttpResult>> ManyAsync(HttpContext http, ReadModel readModel, CustomerStore customers) =>
        OwnedReads.ManyAsync(http, readModel, OwnedTable.Customers, customers.FindAsync, (found, problems) => new CustomerList(found) { Problems = problems });
}
