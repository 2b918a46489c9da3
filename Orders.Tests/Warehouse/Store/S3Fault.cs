namespace Orders.Tests.Warehouse.Store;

/// <summary>What goes wrong with a request to S3.</summary>
internal enum S3Fault
{
    None,

    /// <summary>It is answered with 503 SlowDown.</summary>
    SlowDown,

    /// <summary>It is answered with 403 AccessDenied.</summary>
    AccessDenied,

    /// <summary>It is answered with 404 NoSuchUpload.</summary>
    NoSuchUpload,

    /// <summary>It is answered with 507, the disk of the server is full.</summary>
    Full,

    /// <summary>It is a deletion of several objects, and the answer says that none may be deleted.</summary>
    DeletionsDenied,

    /// <summary>The connection ends in the middle of the answer's body.</summary>
    CutAnswer,

    /// <summary>Nothing comes after the middle of the answer's body.</summary>
    StalledAnswer,

    /// <summary>The connection ends in the middle of the request's body.</summary>
    CutRequest,

    /// <summary>A byte of the request's body changes on the way.</summary>
    DamagedRequest,

    /// <summary>It is done, and the connection ends before the answer.</summary>
    LostAnswer,
}
