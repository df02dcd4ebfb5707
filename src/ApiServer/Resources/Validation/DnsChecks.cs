using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>The resolver of a pod, within what libc takes.</summary>
internal static class DnsChecks
{
    private const int NameserverLimit = 3;
    private const int SearchLimit = 32;
    private const int SearchLength = 2048;

    public static void Validate(Field config, string policy)
    {
        var (servers, searches) = (config["nameservers"], config["searches"]);
        if (policy == "None" && !config.IsSet)
        {
            config.Required("must provide `dnsConfig` when `dnsPolicy` is None");
            return;
        }

        if (policy == "None" && servers.Count == 0)
        {
            servers.Required("must provide at least one DNS nameserver when `dnsPolicy` is None");
            return;
        }

        if (servers.Count > NameserverLimit)
        {
            servers.Invalid($"must not have more than {NameserverLimit} nameservers");
        }

        foreach (var server in servers.Items)
        {
            server.Address();
        }

        Searches(searches);
        foreach (var option in config["options"].Items.Where(option => option["name"].Text.Length == 0))
        {
            option.Required("must not be empty");
        }
    }

    private static void Searches(Field searches)
    {
        if (searches.Count > SearchLimit)
        {
            searches.Invalid($"must not have more than {SearchLimit} search paths");
        }

        if (searches.Items.Sum(search => search.Text.Length + 1) - 1 > SearchLength)
        {
            searches.Invalid($"must not have more than {SearchLength} characters (including spaces) in the search list");
        }

        foreach (var search in searches.Items.Where(search => search.Text != "."))
        {
            search.With(search.Text.EndsWith('.') ? search.Text[..^1] : search.Text).Name(Names.DnsSubdomainWithUnderscore);
        }
    }
}
