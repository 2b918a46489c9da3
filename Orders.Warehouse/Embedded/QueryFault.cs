namespace Orders.Warehouse.Embedded;

/// <summary>Why a query has no answer.</summary>
internal enum QueryFault
{
    /// <summary>
    /// The SQL is wrong: a name that is not there, a syntax error, a value that cannot be cast.
    /// </summary>
    Sql,

    /// <summary>It does what is not allowed here: it writes, it reads another file, it changes a
    /// setting.</summary>
    Refused,

    /// <summary>It took too long.</summary>
    Time,

    /// <summary>It took too much memory, or its answer is too large.</summary>
    Size,

    /// <summary>A file of the lake cannot be read.</summary>
    File,

    /// <summary>A file that others have replaced was deleted between its listing and its opening: to be
    /// asked again.</summary>
    Gone,
}
