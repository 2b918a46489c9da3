using Microsoft.AspNetCore.Http;

namespace Orders.ServiceDefaults.Errors;

/// <summary>400 for a header, where it is found wrong too late to answer with a result.</summary>
/// <param name="header">The header.</param>
/// <param name="problem">What is wrong with it, to go on from its name.</param>
/// <param name="innerException">How it was found.</param>
internal sealed class BadHeaderException(string header, string problem, Exception? innerException = null)
    : BadHttpRequestException("One or more fields are not valid. See errors.", StatusCodes.Status400BadRequest, innerException!)
{
    public string Header => header;

    public string Problem => problem;
}
