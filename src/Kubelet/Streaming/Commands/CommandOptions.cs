namespace MiniKube.Kubelet.Streaming.Commands;

/// <summary>What a client asks for, in the kubelet's names of the query: <c>input=1&amp;output=1&amp;error=1&amp;tty=1&amp;command=…</c>.</summary>
internal sealed record CommandOptions(bool Stdin, bool Stdout, bool Stderr, bool Tty, IReadOnlyList<string> Command)
{
    private const string Yes = "1";

    public static CommandOptions Parse(IQueryCollection query)
    {
        var tty = query["tty"] == Yes;

        // A terminal has one output: upstream, too, passes over the wish for another.
        return new CommandOptions(query["input"] == Yes, query["output"] == Yes, query["error"] == Yes && !tty, tty, [.. query["command"].Select(word => word ?? "")]);
    }

    public bool IsEmpty => !Stdin && !Stdout && !Stderr;
}
