using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What a runtime class asks of the node, and what it costs.</summary>
internal static class RuntimeClassChecks
{
    public static void Validate(Field runtime)
    {
        runtime["handler"].Name(Names.DnsLabel);
        foreach (var (name, amount) in runtime["overhead"]["podFixed"].Entries)
        {
            ResourceChecks.ContainerName(amount, name);
            ResourceChecks.Amount(amount, name);
        }

        var scheduling = runtime["scheduling"];
        scheduling["nodeSelector"].Labels();
        if (scheduling["tolerations"].IsSet)
        {
            TolerationChecks.Validate(scheduling["tolerations"]);
        }
    }
}
