// The yardstick: LEMON's two best minimum-cost-flow algorithms on an instance in the plain format.
//
//   matching_lemon simplex|scaling FILE MENTOR_CAPACITY PARTICIPANT_CAPACITY OBJECTIVE
//
// prints `pairs N score S participants A mentors B seconds T kilobytes M` (A and B: with somebody).
// The first place of a person is an arc of its own, parallel to the arc of the others, and carries
// the bonus of the terms that count persons. Seconds are those of run(), without building the graph.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <lemon/cost_scaling.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include "peak.h"

namespace
{

struct Edge {
    int mentor, participant;
    long long score;
};

struct Instance {
    int mentors = 0, participants = 0;
    std::vector<int> capacity;
    std::vector<Edge> edges;
};

struct Weights {
    long long participants = 0, mentors = 0, pairs = 0, score = 0;
};

Instance read(const char *path, int mentor_capacity)
{
    Instance in;
    std::FILE *file = std::fopen(path, "r");
    char line[128];

    if (file == nullptr) std::perror(path), std::exit(1);
    if (std::fgets(line, sizeof line, file) == nullptr ||
        std::sscanf(line, "%d %d", &in.mentors, &in.participants) != 2)
        std::exit(1);
    in.capacity.assign(static_cast<size_t>(in.mentors), mentor_capacity);
    while (std::fgets(line, sizeof line, file) != nullptr) {
        Edge e;
        int mentor, places;
        if (std::sscanf(line, "capacity %d %d", &mentor, &places) == 2)
            in.capacity[static_cast<size_t>(mentor)] = places;
        else if (std::sscanf(line, "%d %d %lld", &e.mentor, &e.participant, &e.score) == 3)
            in.edges.push_back(e);
    }
    std::fclose(file);
    return in;
}

// A simple cycle of the residual graph changes each count by at most one and the score by at most
// `span`, so these weights keep the order of the terms.
Weights weigh(const Instance &in, const std::string &objective)
{
    long long low = 0, high = 0;
    Weights w;
    for (const Edge &e : in.edges)
        low = std::min(low, e.score), high = std::max(high, e.score);
    const long long span = (high - low) * (std::min(in.mentors, in.participants) + 1) + 1;
    long long next = 1;
    for (size_t end = objective.size(); end != std::string::npos && end > 0;) {
        const size_t comma = objective.rfind(',', end - 1);
        const size_t begin = comma == std::string::npos ? 0 : comma + 1;
        const std::string term = objective.substr(begin, end - begin);
        if (term == "score")
            w.score = next, next += next * span;
        else
            (term == "pairs" ? w.pairs : term == "mentors" ? w.mentors : w.participants) = next,
                                                             next *= 2;
        end = comma;
    }
    return w;
}

template <class Algorithm>
int solve(const Instance &in, int participant_capacity, const Weights &w)
{
    lemon::SmartDigraph g;
    const int arcs = static_cast<int>(in.edges.size()) + 2 * (in.mentors + in.participants) + 1;
    g.reserveNode(in.mentors + in.participants + 2);
    g.reserveArc(arcs);
    const auto source = g.addNode(), sink = g.addNode();
    std::vector<lemon::SmartDigraph::Node> mentor, participant;
    lemon::SmartDigraph::ArcMap<long long> cost(g);
    lemon::SmartDigraph::ArcMap<int> upper(g);
    const auto add = [&](lemon::SmartDigraph::Node a, lemon::SmartDigraph::Node b, int u,
                         long long c) {
        const auto arc = g.addArc(a, b);
        upper[arc] = u;
        cost[arc] = c;
        return arc;
    };
    std::vector<lemon::SmartDigraph::Arc> pairs, firsts_p, firsts_m;
    int total = 0;

    for (int i = 0; i < in.mentors; i++) mentor.push_back(g.addNode());
    for (int i = 0; i < in.participants; i++) participant.push_back(g.addNode());
    for (const Edge &e : in.edges)
        pairs.push_back(add(participant[static_cast<size_t>(e.participant)],
                            mentor[static_cast<size_t>(e.mentor)], 1,
                            -(w.pairs + w.score * e.score)));
    for (auto p : participant) {
        firsts_p.push_back(add(source, p, std::min(1, participant_capacity), -w.participants));
        if (participant_capacity > 1) add(source, p, participant_capacity - 1, 0);
        total += participant_capacity;
    }
    for (size_t i = 0; i < mentor.size(); i++) {
        firsts_m.push_back(add(mentor[i], sink, std::min(1, in.capacity[i]), -w.mentors));
        if (in.capacity[i] > 1) add(mentor[i], sink, in.capacity[i] - 1, 0);
    }
    add(sink, source, total, 0);

    Algorithm algorithm(g);
    const auto begin = std::chrono::steady_clock::now();
    const auto status = algorithm.upperMap(upper).costMap(cost).run();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    if (status != Algorithm::OPTIMAL) return std::puts("no optimum"), 1;

    long long count = 0, score = 0, with_p = 0, with_m = 0;
    for (size_t i = 0; i < pairs.size(); i++)
        if (algorithm.flow(pairs[i]) > 0) count++, score += in.edges[i].score;
    std::vector<char> p_seen(participant.size()), m_seen(mentor.size());
    for (size_t i = 0; i < pairs.size(); i++)
        if (algorithm.flow(pairs[i]) > 0) {
            p_seen[static_cast<size_t>(in.edges[i].participant)] = 1;
            m_seen[static_cast<size_t>(in.edges[i].mentor)] = 1;
        }
    for (char s : p_seen) with_p += s;
    for (char s : m_seen) with_m += s;
    std::printf("pairs %lld score %lld participants %lld mentors %lld seconds %.6f kilobytes %ld\n",
                count, score, with_p, with_m, took.count(), peak_kilobytes());
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 6) return std::fputs("usage: see the head of the source\n", stderr), 2;
    const Instance in = read(argv[2], std::atoi(argv[3]));
    const Weights w = weigh(in, argv[5]);
    if (std::strcmp(argv[1], "scaling") == 0)
        return solve<lemon::CostScaling<lemon::SmartDigraph, int, long long>>(
            in, std::atoi(argv[4]), w);
    return solve<lemon::NetworkSimplex<lemon::SmartDigraph, int, long long>>(in, std::atoi(argv[4]),
                                                                             w);
}
