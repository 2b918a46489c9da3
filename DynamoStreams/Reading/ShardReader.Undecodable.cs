using DynamoStreams.Api;

namespace DynamoStreams.Reading;

/// <content>
/// Poison records: those that cannot be decoded. A faulty service may garble a sound record, but not in the
/// same way for long. So a record counts as undecodable only after it has come in the same form several
/// times. The records before it are applied meanwhile.
/// </content>
internal sealed partial class ShardReader
{
    /// <summary>This many answers in a row must contain the record in the same form.</summary>
    private const int AnswersUntilBelieved = 5;

    private (string SequenceNumber, string Reason, int Answers, long Since)? _doubted;

    /// <summary>
    /// Cuts a page before the first record that cannot be decoded and is not confirmed yet.
    /// </summary>
    /// <returns>Whether it did.</returns>
    /// <exception cref="StreamsException">No record would be left. The page is disposed of.</exception>
    private bool CutUndecodable(RecordPage page)
    {
        var at = 0;
        while (at < page.Records.Count && (page.Records[at].Undecodable is null || (at == 0 && IsBelieved(page.Records[at]))))
        {
            at++;
        }

        if (at == page.Records.Count)
        {
            _doubted = null;
            return false;
        }

        var record = page.Records[at];
        if (at == 0)
        {
            _isCaughtUp = false;
            LogUndecodable(lease.ShardId, record.SequenceNumber, record.Undecodable!, _doubted!.Value.Answers);
            page.Dispose();
            throw new StreamsException(StreamsFailure.Malformed, $"record {record.SequenceNumber} cannot be decoded: {record.Undecodable}");
        }

        page.Keep(at);
        return true;
    }

    private bool IsBelieved(StreamRecord record)
    {
        if (_doubted is not { } doubted || doubted.SequenceNumber != record.SequenceNumber || doubted.Reason != record.Undecodable)
        {
            _doubted = (record.SequenceNumber, record.Undecodable!, 1, time.GetTimestamp());
            return false;
        }

        _doubted = doubted with { Answers = doubted.Answers + 1 };
        return doubted.Answers + 1 >= AnswersUntilBelieved && time.GetElapsedTime(doubted.Since) >= options.UntilUndecodable;
    }
}
