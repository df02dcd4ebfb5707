using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

using MiniKube.Dns.Records;

namespace MiniKube.Dns.Serving;

/// <summary>Answers one query: from the cluster's zone, from its addresses, or by asking outside.</summary>
internal sealed class QueryHandler(ClusterZone zone, ReverseZone reverse, Forwarder forwarder, Random random)
{
    // A service may name another cluster service, which may name another: a circle must end.
    private const int LongestChain = 8;

    public async Task<DnsMessage> AnswerAsync(DnsMessage query, CancellationToken cancellationToken)
    {
        var response = query.CreateResponseInstance();
        response.IsRecursionAllowed = true;
        if (query.OperationCode is not OperationCode.Query)
        {
            response.ReturnCode = ReturnCode.NotImplemented;
        }
        else if (query.Questions is not [{ } question])
        {
            response.ReturnCode = ReturnCode.FormatError;
        }
        else if (question.RecordClass is not (RecordClass.INet or RecordClass.Any))
        {
            response.ReturnCode = ReturnCode.Refused;
        }
        else
        {
            await ResolveAsync(question.Name, question.RecordType, response, LongestChain, cancellationToken);
        }

        return response;
    }

    private async Task ResolveAsync(DomainName name, RecordType type, DnsMessage response, int left, CancellationToken cancellationToken)
    {
        if ((zone.Find(name, type) ?? reverse.Find(name, type)) is not { } found)
        {
            await ForwardAsync(name, type, response, cancellationToken);
            return;
        }

        response.IsAuthoritiveAnswer = true;
        response.ReturnCode = found.Code;
        var records = found.Answers.ToArray();
        // Clients take the first: each answer begins elsewhere.
        random.Shuffle(records);
        response.AnswerRecords.AddRange(records);
        response.AdditionalRecords.AddRange(found.Additional);
        if (records is [CNameRecord alias] && type is not (RecordType.CName or RecordType.Any) && left > 0)
        {
            await ResolveAsync(alias.CanonicalName, type, response, left - 1, cancellationToken);
        }
        else if (records.Length == 0)
        {
            response.AuthorityRecords.Add(zone.StartOfAuthority);
        }
    }

    private async Task ForwardAsync(DomainName name, RecordType type, DnsMessage response, CancellationToken cancellationToken)
    {
        if (await forwarder.AskAsync(name, type, cancellationToken) is not { } answer)
        {
            response.ReturnCode = ReturnCode.ServerFailure;
            return;
        }

        response.ReturnCode = answer.ReturnCode;
        response.AnswerRecords.AddRange(answer.AnswerRecords);
        response.AuthorityRecords.AddRange(answer.AuthorityRecords);
        // The options of a message are of one hop.
        response.AdditionalRecords.AddRange(answer.AdditionalRecords.Where(record => record is not OptRecord));
    }
}
