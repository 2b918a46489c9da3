using Npgsql;

namespace Orders.Bench.Apply;

/// <summary>
/// A statement, to be executed alone or in a batch. It can be used only once, because parameters belong to
/// one command.
/// </summary>
/// <param name="Sql">Its text.</param>
/// <param name="Parameters">Its parameters, by position.</param>
internal readonly record struct RowStatement(string Sql, NpgsqlParameter[] Parameters);
