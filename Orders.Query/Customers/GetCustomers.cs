using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Orders.Query;

/// <summary><c>GET /v1/customers/{id}</c> and <c>GET /v1/customers?ids=…</c></summary>
internal static class GetCustomers
{
    public static Task<Results<Ok<Customer>, ProblemHttpResult>> OneAsync(string id, HttpContext http, NpgsqlDataSource postgres, CustomerStore customers) =>
        OwnedReads.OneAsync(http, postgres, OwnedTable.Customers, id, customers.FindAsync);

    public static Task<Results<Ok<CustomerList>, ProblemHttpResult>> ManyAsync(HttpContext http, NpgsqlDataSource postgres, CustomerStore customers) =>
        OwnedReads.ManyAsync(http, postgres, OwnedTable.Customers, customers.FindAsync, found => new CustomerList(found));
}
