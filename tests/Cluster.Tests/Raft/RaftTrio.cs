using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

using MiniKube.TestSupport;
using MiniKube.TestSupport.Etcd;

namespace MiniKube.Cluster.Tests.Raft;

/// <summary>Three members as processes on loopback, each of which can be killed and started again with its log. Members are counted from 1.</summary>
public sealed class RaftTrio : IAsyncLifetime
{
    private const int Count = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly Process?[] _processes = new Process?[Count];
    private readonly int[] _ports = [.. Enumerable.Range(0, 2 * Count).Select(_ => EtcdProcess.FreePort())];
    private readonly HttpClient _client = new() { Timeout = Limit };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static IEnumerable<int> Members => Enumerable.Range(1, Count);

    public async ValueTask InitializeAsync() => await StartAllAsync();

    /// <summary>Starts those that do not run, and waits until all follow one leader; returns it.</summary>
    public Task<int> StartAllAsync()
    {
        foreach (var member in Members.Where(member => _processes[member - 1] is null))
        {
            Start(member);
        }

        return LeaderAsync();
    }

    public void Start(int member) => _processes[member - 1] = Process.Start(new ProcessStartInfo(
        "sh",
        [
            "-c", $"exec \"$0\" \"$@\" >>{_folder.File($"log{member}")} 2>&1", Path.Combine(AppContext.BaseDirectory, "MiniKube.Cluster"), "raft", "member",
            "--id", member.ToString(CultureInfo.InvariantCulture),
            "--cluster", string.Join(',', Members.Select(one => $"localhost:{_ports[Count + one - 1]}")),
            "--clients", string.Join(',', Members.Select(Address)),
            "--data-dir", _folder.File($"data{member}"),
        ]));

    /// <summary>Ends them as a power cut does: all at once.</summary>
    public async Task KillAsync(params int[] members)
    {
        var killed = members.Select(member => _processes[member - 1]).OfType<Process>().ToList();
        killed.ForEach(process => process.Kill());
        foreach (var process in killed)
        {
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }

        foreach (var member in members)
        {
            _processes[member - 1] = null;
        }
    }

    /// <summary>Waits until all that run follow one leader, which runs; returns it.</summary>
    public Task<int> LeaderAsync() => Eventually.GetAsync(
        async _ =>
        {
            var running = Members.Where(member => _processes[member - 1] is not null).ToList();
            var leaders = await Task.WhenAll(running.Select(LeaderKnownToAsync));
            return leaders.Distinct().Count() == 1 && running.Contains(leaders[0]) ? leaders[0] : 0;
        },
        leader => leader > 0,
        Limit,
        Cancelled);

    public Task<HttpResponseMessage> PutAsync(int member, string key, string value) =>
        _client.PutAsync(new Uri($"{Address(member)}/{key}"), new StringContent(value), Cancelled);

    public Task<HttpResponseMessage> GetAsync(int member, string key) => _client.GetAsync(new Uri($"{Address(member)}/{key}"), Cancelled);

    public Task<HttpResponseMessage> DeleteAsync(int member, string key) => _client.DeleteAsync(new Uri($"{Address(member)}/{key}"), Cancelled);

    /// <summary>A value as a member reads it; waits while the member does not answer or knows no leader.</summary>
    public async Task<string> ReadAsync(int member, string key)
    {
        var answer = await Eventually.GetAsync(
            async _ =>
            {
                try
                {
                    using var response = await GetAsync(member, key);
                    return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Cancelled)}";
                }
                catch (HttpRequestException exception)
                {
                    return $"{exception.Message}\n{Log(member)}";
                }
            },
            text => text.StartsWith("200 ", StringComparison.Ordinal) || text.StartsWith("404 ", StringComparison.Ordinal),
            Limit,
            Cancelled);
        return answer[4..];
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync([.. Members]);
        _client.Dispose();
        _folder.Dispose();
    }

    private string Address(int member) => $"http://127.0.0.1:{_ports[member - 1]}";

    private string Log(int member) => File.ReadAllText(_folder.File($"log{member}"));

    private async Task<int> LeaderKnownToAsync(int member)
    {
        try
        {
            var state = await _client.GetFromJsonAsync<JsonNode>(new Uri($"{Address(member)}/raft/status"), Cancelled);
            return state?["leader"] is { } leader ? Members.Single(one => leader.GetValue<string>() == $"{Address(one)}/") : 0;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}
