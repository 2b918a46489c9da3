using Microsoft.AspNetCore.Http;

namespace Orders.ServiceDefaults.Errors;

/// <summary>400 for an invalid header, when it is detected too late to return a result.</summary>
/// <param name="header">The header.</param>
/// <param name="problem">What is wrong, as the rest of a sentence that begins with the name.</param>
/// <param name="innerException">The cause.</param>
internal sealed class BadHeaderException(string header, string problem, Exception? innerException = null)
    : BadHttpRequestException("One or more fields are not valid. See errors.", StatusCodes.Status400BadRequest, innerException!)
{
    public string Header => header;

    public string Problem => problem;
}
