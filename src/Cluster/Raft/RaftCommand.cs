using System.CommandLine;
using System.Globalization;

using Spectre.Console;

namespace MiniKube.Cluster.Raft;

/// <summary><c>mk raft up|status|kill|down</c>: three members of a replicated key-value store on the machine's loopback, to watch how Raft works (docs/raft.md).</summary>
internal static class RaftCommand
{
    private static readonly TimeSpan UpLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public static Command Create(IAnsiConsole console, TimeProvider clock)
    {
        var command = new Command("raft", "Three members of a small replicated store, to watch Raft at work (docs/raft.md).");
        command.Subcommands.Add(Create("up", "Start the members that do not run: on 127.0.0.1, ports 9121, 9122 and 9123.", cancellationToken => UpAsync(console, clock, cancellationToken)));
        command.Subcommands.Add(Create("status", "Show each member: who leads, in which term, how far its log is. The exit code is 0 if all follow one leader.", cancellationToken =>
            StatusAsync(console, cancellationToken)));
        command.Subcommands.Add(Kill());
        command.Subcommands.Add(Down(console));
        command.Subcommands.Add(RaftMemberCommand.Create());
        return command;
    }

    private static Command Create(string verb, string description, Func<CancellationToken, Task<int>> action)
    {
        var command = new Command(verb, description);
        command.SetAction((_, cancellationToken) => action(cancellationToken));
        return command;
    }

    private static Command Kill()
    {
        var command = new Command("kill", "Kill a member with SIGKILL. mk raft up starts it again, with its log.");
        var member = new Argument<int>("member") { Description = "Its number: 1, 2 or 3." };
        command.Arguments.Add(member);
        command.SetAction(async (result, cancellationToken) =>
        {
            var id = result.GetValue(member);
            var process = Members().FirstOrDefault(one => one.Id == id) ?? throw new ClusterException($"There is no member {id}: they are 1, 2 and 3.");
            _ = process.ProcessId ?? throw new ClusterException($"Member {id} does not run. Start it with: mk raft up");
            await process.EndAsync(cleanly: false, cancellationToken);
        });
        return command;
    }

    private static Command Down(IAnsiConsole console)
    {
        var command = new Command("down", "Stop all members and remove their logs.");
        command.SetAction(async (_, cancellationToken) =>
        {
            await Task.WhenAll(Members().Select(member => member.EndAsync(cleanly: true, cancellationToken)));
            var there = Directory.Exists(Folder);
            if (there)
            {
                Directory.Delete(Folder, recursive: true);
            }

            console.WriteLine(there ? "Raft members stopped, logs removed." : "There were no Raft members.");
        });
        return command;
    }

    private static string Folder => ClusterPaths.Raft;

    private static IReadOnlyList<RaftProcess> Members() => RaftProcess.All(Folder);

    private static async Task<int> UpAsync(IAnsiConsole console, TimeProvider clock, CancellationToken cancellationToken)
    {
        var members = Members();
        foreach (var member in members.Where(member => member.ProcessId is null))
        {
            await member.StartAsync(cancellationToken);
        }

        var started = clock.GetTimestamp();
        while (!AgreeOnALeader(await StatesAsync(members, cancellationToken)))
        {
            if (members.FirstOrDefault(member => member.ProcessId is null) is { } ended && clock.GetElapsedTime(started) > AskLimit)
            {
                throw new ClusterException($"Member {ended.Id} has ended. Its log: {ended.LogFile}");
            }

            if (clock.GetElapsedTime(started) > UpLimit)
            {
                throw new ClusterException($"After {UpLimit.TotalSeconds:0} s the members have no leader. Their logs: {members[0].LogFile} and beside it.");
            }

            await Task.Delay(Poll, clock, cancellationToken);
        }

        await StatusAsync(console, cancellationToken);
        console.WriteLine($"  curl -L {members[0].Address}testkey -XPUT -d value");
        console.WriteLine($"  curl -L {members[1].Address}testkey");
        console.WriteLine("  ./mk raft kill 1    ./mk raft up    ./mk raft down    (docs/raft.md)");
        return 0;
    }

    private static async Task<int> StatusAsync(IAnsiConsole console, CancellationToken cancellationToken)
    {
        var members = Members();
        var states = await StatesAsync(members, cancellationToken);
        var table = new Table().Border(TableBorder.None).AddColumns("MEMBER", "ADDRESS", "PID", "ROLE", "TERM", "LOG", "COMMITTED", "APPLIED", "KEYS");
        foreach (var (member, state) in members.Zip(states))
        {
            table.AddRow(
                Text(member.Id),
                member.Address.ToString().TrimEnd('/'),
                member.ProcessId is { } pid ? Text(pid) : "",
                Role(member, state),
                Text(state?.Term),
                Text(state?.LastEntry),
                Text(state?.Committed),
                Text(state?.Applied),
                Text(state?.Keys));
        }

        console.Write(table);
        return AgreeOnALeader(states) ? 0 : 1;
    }

    private static string Role(RaftProcess member, RaftMemberState? state) => state switch
    {
        null => member.ProcessId is null ? "[red]down[/]" : "[red]does not answer[/]",
        { Leader: null } => "[yellow]looks for a leader[/]",
        _ => state.Leader == member.Address.ToString() ? "[green]leader[/]" : "[green]follower[/]",
    };

    private static bool AgreeOnALeader(IReadOnlyList<RaftMemberState?> states) =>
        states.All(state => state?.Leader is not null) && states.Select(state => state?.Leader).Distinct().Count() == 1;

    private static async Task<IReadOnlyList<RaftMemberState?>> StatesAsync(IReadOnlyList<RaftProcess> members, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = AskLimit };
        return await Task.WhenAll(members.Select(member => StateAsync(client, member, cancellationToken)));
    }

    private static async Task<RaftMemberState?> StateAsync(HttpClient client, RaftProcess member, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetFromJsonAsync(new Uri(member.Address, "/raft/status"), RaftJson.Default.RaftMemberState, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
