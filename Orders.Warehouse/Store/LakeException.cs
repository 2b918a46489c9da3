namespace Orders.Warehouse.Store;

/// <summary>The store of the lake failed.</summary>
/// <param name="message">What failed and the way out, as sentences.</param>
/// <param name="isSetup">Whether an operator must mend it (a right, a bucket that is not there, a full
/// disk); false when trying again may help.</param>
/// <param name="inner">The cause.</param>
/// <param name="isFull">Whether it has no space left.</param>
internal sealed class LakeException(string message, bool isSetup, Exception? inner = null, bool isFull = false) : Exception(message, inner)
{
    /// <summary>The setting that names the lake, as an operator types it.</summary>
    public const string Setting = "Orders__Warehouse__Lake";

    /// <summary>Whether an operator must mend it; false when trying again may help.</summary>
    public bool IsSetup => isSetup;

    /// <summary>
    /// Whether it has no space left: an operator must make some, and nothing else is wrong.
    /// </summary>
    public bool IsFull => isFull;
}
