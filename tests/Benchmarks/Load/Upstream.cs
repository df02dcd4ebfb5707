namespace MiniKube.Benchmarks.Load;

/// <summary>
/// What upstream's API server v1.35 did on a machine of two cores with etcd on the same disk (issue 4), and what is aimed at: the text beside a figure of ours.
/// </summary>
internal static class Upstream
{
    // By the end of the figure's name: it begins with the store's.
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["create pod, 1 clients: rate"] = "200; 340 on etcd, 600 embedded",
        ["create pod, 16 clients: rate"] = "750; 1,500 on etcd, 2,625 embedded",
        ["create pod, 64 clients: rate"] = "830; 1,660 on etcd, 2,905 embedded",
        ["create pod, 1 clients: p99"] = "12; 6",
        ["create pod, 16 clients: p99"] = "53; 26",
        ["create pod, 64 clients: p99"] = "155; 77",
        ["create pod, 1 clients: server CPU"] = "1.8",
        ["create pod, 16 clients: server CPU"] = "1.8; 0.4",
        ["create pod, 64 clients: server CPU"] = "1.8; 0.4",
        ["get pod, 1 clients: rate"] = "520; 780",
        ["get pod, 16 clients: rate"] = "1,900; 3,800",
        ["get pod, 64 clients: rate"] = "2,100; 5,250",
        ["get pod at resourceVersion=0, 1 clients: rate"] = "520; 2,600",
        ["get pod at resourceVersion=0, 16 clients: rate"] = "1,900; 9,500",
        ["get pod at resourceVersion=0, 64 clients: rate"] = "2,100; 10,500",
        ["get pod, 1 clients: server CPU"] = "0.62",
        ["get pod, 16 clients: server CPU"] = "0.62; 0.1",
        ["get pod, 64 clients: server CPU"] = "0.62; 0.1",
        ["list 10000 pods: time"] = "750 to 1,100; 100",
        ["list 10000 pods: server CPU"] = "800 to 1,200; 60",
        ["list 10000 pods as Table: time"] = "420; 80",
        ["list 10000 pods as Table: server CPU"] = "400; 40",
        ["list a tenth by label: time"] = "480; 30",
        ["list a tenth by label: server CPU"] = "320; 32",
        ["list 10000 pods in pages of 500: time"] = "1,600; 200",
        ["list 10000 pods in pages of 500: server CPU"] = "1,300; 130",
        ["watch, 200 watchers: events delivered"] = "30,000; 60,000",
        ["watch, 200 watchers: event p50"] = "237",
        ["watch, 200 watchers: server CPU an event (creates included)"] = "31; 12",
        ["watch, 200 watchers: client CPU an event (creates included)"] = "23",
        ["watch, 200 watchers: creates: rate"] = "163; 489",
        ["memory (RSS), idle"] = "262 MB; 100 MB",
        ["memory (RSS), with 10000 pods"] = "1,020 MB; 250 MB",
        ["memory (RSS), after the lists"] = "1,420 MB; 300 MB",
        ["start to /readyz, empty"] = "2.5 to 2.9; 0.6",
        ["start to /readyz, empty: CPU"] = "2.1 to 2.5; 0.5",
        ["start to /readyz, with 10000 pods"] = "4.0 to 4.6; 1.2",
        ["start to /readyz, with 10000 pods: CPU"] = "6; 1",
        ["opening 100000 objects"] = "under 1",
        ["until memory is within 10 % of before"] = "it comes back",
    };

    public static Figure Compare(Figure figure) =>
        Texts.FirstOrDefault(text => figure.Name.EndsWith(text.Key, StringComparison.Ordinal) && IsWholeName(figure.Name, text.Key)) is { Value: { } text }
            ? figure with { Aim = text }
            : figure;

    private static bool IsWholeName(string name, string end) => name.Length == end.Length || name[^(end.Length + 1)] == ' ';
}
